/** What becomes of mail from people whom nobody knows. */
export const STRANGERS = ['ignore', 'all', 'mailboxes'] as const;
