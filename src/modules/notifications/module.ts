import { module } from '#core/module.ts';
import { onReplied } from './on-replied.ts';
import {
  configurePreference,
  countUnread,
  getPreferences,
  listNotificationsOperation,
  readAllNotifications,
  setNotificationRead,
} from './operations.ts';
import { serveNotificationStream } from './stream.ts';
import { tendNotifications } from './tend.ts';

/** What a user should know: under the bell, by mail, or not at all, as they choose. */
export default module({
  name: 'notifications',
  operations: [listNotificationsOperation, countUnread, setNotificationRead, readAllNotifications, getPreferences, configurePreference],
  events: [onReplied],
  routes: serveNotificationStream,
  start: tendNotifications,
});
