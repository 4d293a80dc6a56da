import { z } from 'zod';
import { Forbidden } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { EMAIL_CHOICES, KIND_NAMES } from './kinds.ts';
import { listNotifications, Notification, NotificationNotFound, readAll, setRead, unreadCount, type Reader } from './list.ts';
import { tellPages } from './notify.ts';
import { Preference, preferencesOf, setPreference } from './preferences.ts';

/** @throws Forbidden the local operator is no user, and has no bell */
function reader(ctx: Ctx): Reader {
  if (!('userId' in ctx.principal)) throw new Forbidden('Notifications belong to a user; sign in, or use an API key of yours');
  return { companyId: ctx.companyId, userId: ctx.principal.userId };
}

export const listNotificationsOperation = operation({
  name: 'notifications.list',
  summary: 'What you were told, newest first',
  http: 'GET /api/notifications',
  cli: 'notifications list',
  access: 'read',
  input: z.object({ ...pageInput, unread: z.boolean().default(false).describe('Only what was not read') }),
  output: pageOf(Notification),
  run: (ctx, { unread, limit, cursor }) => listNotifications(ctx, reader(ctx), { unread, limit, cursor }),
});

export const countUnread = operation({
  name: 'notifications.unread',
  summary: 'How many of your notifications are unread, counted to 100',
  http: 'GET /api/notifications/unread',
  cli: 'notifications unread',
  access: 'read',
  input: z.object({}),
  output: z.object({ unread: z.int() }),
  run: async (ctx) => ({ unread: await unreadCount(ctx, reader(ctx)) }),
});

export const setNotificationRead = operation({
  name: 'notifications.set_read',
  summary: 'Mark a notification as read, or as unread again',
  http: 'PUT /api/notifications/{notification_id}/read',
  cli: 'notifications read',
  access: 'write',
  input: z.object({ notificationId: z.uuid(), read: z.boolean().default(true) }),
  output: Notification,
  errors: [NotificationNotFound],
  async run(ctx, { notificationId, read }) {
    const mine = reader(ctx);
    const row = await setRead(ctx, mine, { id: notificationId, read, at: ctx.clock.now() });
    await tellPages(ctx, [mine.userId]);
    return row;
  },
});

export const readAllNotifications = operation({
  name: 'notifications.read_all',
  summary: 'Mark all your notifications as read',
  http: 'POST /api/notifications/read-all',
  cli: 'notifications read-all',
  access: 'write',
  input: z.object({ upTo: z.date().optional().describe('What came later stays unread; default: now') }),
  output: z.object({ read: z.int() }),
  status: 200,
  async run(ctx, { upTo }) {
    const mine = reader(ctx);
    const now = ctx.clock.now();
    const read = await readAll(ctx, mine, now, upTo ?? now);
    await tellPages(ctx, [mine.userId]);
    return { read };
  },
});

const Preferences = z.object({ items: z.array(Preference) });

export const getPreferences = operation({
  name: 'notifications.preferences',
  summary: 'What you are told, and how',
  http: 'GET /api/notifications/preferences',
  cli: 'notifications preferences',
  access: 'read',
  input: z.object({}),
  output: Preferences,
  run: async (ctx) => ({ items: await preferencesOf(ctx, reader(ctx)) }),
});

export const configurePreference = operation({
  name: 'notifications.configure',
  summary: 'Choose how you hear of one kind of thing: under the bell, by mail at once or once a day, or not at all',
  http: 'PUT /api/notifications/preferences',
  cli: 'notifications configure',
  access: 'write',
  input: z.object({ kind: z.enum(KIND_NAMES), inApp: z.boolean(), email: z.enum(EMAIL_CHOICES) }),
  output: Preferences,
  async run(ctx, choice) {
    const mine = reader(ctx);
    await setPreference(ctx, mine, choice, ctx.clock.now());
    return { items: await preferencesOf(ctx, mine) };
  },
});
