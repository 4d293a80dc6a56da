/** What other modules may use of notifications. */
export { notify } from './notify.ts';
export type { NewNotification } from './notify.ts';
export type { NotificationKind } from './kinds.ts';
