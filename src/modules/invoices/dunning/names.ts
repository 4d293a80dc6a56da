/** Names of the built-in workflows. */
export const REMINDERS = 'invoice-reminders';
export const OVERDUE = 'invoice-overdue';
