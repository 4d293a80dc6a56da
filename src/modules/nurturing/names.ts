/** Names of the built-in workflows. */
export const LEAD_NURTURING = 'lead-nurturing';
/** Asks a model about replies that the rules could not place. */
export const READ_REPLY = 'read-reply';
