/** What other modules may use to ask a model: one typed answer, no tools, within the budget. */
export { ask } from './ask.ts';
export { prepare } from './prepare.ts';
export { fenced, versionOf, type Prompt } from './prompts/prompt.ts';
export { recordGeneration } from './spending.ts';
