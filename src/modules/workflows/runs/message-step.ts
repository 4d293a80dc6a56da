/** The step that a message `m` came from: turns of a loop stand behind `@`, attempts that were given up behind `~`. */
export const MESSAGE_STEP = `split_part(split_part(m.step_id, '@', 1), '~', 1)`;
