/** Name of the built-in workflow. */
export const CHECKINS = 'checkins';
