import { normaliseEmail } from '#modules/people/public.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { connectionsInUse, mailboxConnections, unlock, type ConnectionRow } from '#modules/connections/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { DateTime } from 'luxon';
import type { Sender } from '../senders/allowance.ts';
import { connectionsOf, SENDERS_COLUMN, sendersOf, type SenderJson } from '../senders/load.ts';
import type { Channel } from '../tables.ts';
import { calendarOf, loadHolidays, type Calendar, type OwnDay } from './holidays.ts';
import type { GateSettings, SendingMode } from './types.ts';
import type { TrackingSettings } from '../tracking/settings.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string | null;
  readonly sendingHours: string | null;
  readonly postalAddress: string | null;
  readonly language: string | null;
  readonly launchedAt: Date | null;
  readonly pausedAt: Date | null;
  readonly pauseReason: string | null;
  readonly days: number[] | null;
  readonly capPerDay: number | null;
  readonly capPerWeek: number | null;
  readonly dailyLimit: number | null;
  readonly basis: GateSettings['basis'] | null;
  readonly topics: GateSettings['topics'];
  readonly countries: GateSettings['countries'];
  readonly fromName: string | null;
  readonly fromEmail: string | null;
  readonly replyTo: string | null;
  readonly senders: readonly SenderJson[] | null;
  readonly tracking: TrackingSettings | null;
  readonly keepHolidays: boolean | null;
  readonly sendTime: boolean | null;
  readonly holidays: readonly OwnDay[] | null;
  readonly country: string | null;
}

const SETTINGS: Statement = {
  name: 'messages.gate.settings',
  text: `select c.id, c.name, c.settings->>'time_zone' as "timeZone", c.settings->>'sending_hours' as "sendingHours", c.settings->>'postal_address' as "postalAddress", c.settings->>'language' as language,
           s.launched_at as "launchedAt", s.paused_at as "pausedAt", s.pause_reason as "pauseReason", s.days, s.cap_per_day as "capPerDay", s.cap_per_week as "capPerWeek",
           s.daily_limit as "dailyLimit", s.basis, s.from_name as "fromName", s.from_email as "fromEmail", s.reply_to as "replyTo",
           (select jsonb_build_object('opens', k.opens, 'clicks', k.clicks, 'who', k.who, 'notTemplates', k.not_templates) from tracking k where k.company_id = c.id and (k.opens or k.clicks)) as tracking,
           (select coalesce(jsonb_agg(jsonb_build_object('key', t.key, 'title', t.title, 'channels', t.channels, 'bases', t.bases)), '[]') from topics t where t.company_id = c.id) as topics,
           (select coalesce(jsonb_object_agg(r.country, r.regime), '{}') from country_rules r where r.company_id = c.id) as countries,
           ${SENDERS_COLUMN}, s.keep_holidays as "keepHolidays", s.send_time as "sendTime", upper(c.settings->>'country') as country,
           (select jsonb_agg(jsonb_build_object('day', h.day, 'yearly', h.yearly, 'title', h.title) order by h.day) from sending_holidays h where h.company_id = c.id) as holidays
         from companies c left join sending s on s.company_id = c.id where c.id = any($1::uuid[])`,
};
// Only asked for companies with a limit; served by messages_left.
const SENT_TODAY: Statement = {
  name: 'messages.gate.sent_today',
  text: `select count(*)::int as sent from messages where company_id = $1 and state in ('sent', 'in_doubt') and direction = 'outbound' and sent_at >= $2`,
};

/** Settings with what goes with them when a mail is put together. */
export interface SenderSettings extends GateSettings {
  /** Where replies are read; with a plus address each mail gets a reply address of its own. */
  readonly mailbox: { readonly address: string; readonly plusAddresses: boolean } | null;
  readonly connection: ConnectionRow | null;
  readonly channel: Channel;
  readonly tracking: TrackingSettings | null;
  /** Base of links, also when no public address is set. */
  readonly linkBase: string;
  /** BCP 47; null: the company has not said. */
  readonly language: string | null;
  /** Null: the connection in use, as before there were senders. */
  readonly sender: Sender | null;
  /** Of the company, for mail; empty where it has none. */
  readonly senders: readonly Sender[];
  /** Connections of senders whose credentials are rejected. */
  readonly rejected: ReadonlySet<string>;
  /** As one of its senders: from, connection and mailbox are that sender's. Unknown or null: the settings as they are. */
  as(senderId: string | null | undefined): SenderSettings;
}

interface SenderFacts {
  readonly name: string | null;
  readonly address: string | null;
  readonly loopback: boolean;
  readonly transactionalOnly: string | null;
}

/** Who a connection sends as: known by id and version, so that credentials are decrypted once. */
const senders = new WeakMap<Runtime, Map<string, SenderFacts>>();

async function remembered<T>(
  runtime: Runtime,
  row: ConnectionRow,
  cache: WeakMap<Runtime, Map<string, T>>,
  make: () => Promise<T>,
): Promise<T> {
  const known = cache.get(runtime) ?? new Map<string, T>();
  cache.set(runtime, known);
  const key = `${row.id} ${row.updatedAt.getTime()}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = await make();
  if (known.size > 1_000) known.clear();
  known.set(key, made);
  return made;
}

async function senderOf(runtime: Runtime, row: ConnectionRow): Promise<SenderFacts> {
  return remembered(runtime, row, senders, async () => {
    const { connector, credentials } = await unlock(runtime, row);
    const known = connector.sender?.(credentials) ?? { name: null, address: null, loopback: false };
    return { ...known, transactionalOnly: connector.transactionalOnly === true ? connector.title : null };
  });
}

type Mailbox = { readonly address: string; readonly plusAddresses: boolean } | 'none';
const mailboxes = new WeakMap<Runtime, Map<string, Mailbox>>();

async function mailboxOf(runtime: Runtime, row: ConnectionRow): Promise<Mailbox> {
  return remembered(runtime, row, mailboxes, async () => {
    const { connector, credentials } = await unlock(runtime, row);
    return connector.mailbox?.(credentials) ?? 'none';
  });
}

function modeOf(runtime: Runtime, row: Row, connection: ConnectionRow | undefined): SendingMode {
  if (row.pausedAt !== null) return 'paused';
  if (connection === undefined) return 'capture';
  return row.launchedAt !== null || runtime.config.SENDING === 'launched' ? 'live' : 'held';
}

/** The settings of each company: three queries for the whole batch, and one more for each company with a daily limit. */
export async function loadSettings(
  tx: Transaction,
  runtime: Runtime,
  companyIds: readonly string[],
  channel: Channel = 'email',
): Promise<Map<string, SenderSettings>> {
  const ids = [...new Set(companyIds)];
  const [rows, sending, receiving] = await Promise.all([
    tx.query<Row>(SETTINGS, [ids]),
    connectionsInUse(tx, runtime, ids, channel),
    connectionsInUse(tx, runtime, ids, 'inbound_email'),
  ]);
  const { config } = runtime;
  const settings = new Map<string, SenderSettings>();
  const now = runtime.clock.now();
  const sendersBy = new Map(rows.map((row) => [row.id, channel === 'email' ? sendersOf(row.senders, row.timeZone ?? 'UTC', now) : []]));
  const theirs = [...sendersBy.values()].flat();
  const connections = await connectionsOf(tx, theirs);
  const boxes = theirs.length === 0 ? [] : await mailboxConnections(tx, runtime, ids);
  for (const row of rows) {
    const connection = sending.get(row.id);
    const inbound = receiving.get(row.id);
    const sender = connection === undefined ? null : await senderOf(runtime, connection);
    const mailbox = inbound === undefined ? 'none' : await mailboxOf(runtime, inbound);
    const address = row.fromEmail ?? sender?.address ?? config.FROM_EMAIL ?? config.DEFAULT_FROM_EMAIL ?? null;
    const timeZone = row.timeZone ?? 'UTC';
    const own = sendersBy.get(row.id) ?? [];
    const base: SenderSettings = {
      companyId: row.id,
      companyName: row.name,
      mode: modeOf(runtime, row, connection),
      pauseReason: row.pauseReason,
      hours: row.sendingHours ?? config.SENDING_HOURS,
      days: row.days ?? [1, 2, 3, 4, 5, 6, 7],
      ...((row.sendingHours ?? config.SENDING_HOURS) === 'always' || row.keepHolidays === false ? {} : { calendar: await calendars(row) }),
      timeZone,
      capPerDay: row.capPerDay ?? 1,
      capPerWeek: row.capPerWeek ?? 3,
      dailyLimit: row.dailyLimit,
      sendTime: row.sendTime ?? false,
      sentToday: row.dailyLimit === null ? 0 : await sentToday(tx, runtime, row.id, timeZone),
      basis: row.basis ?? 'by_country',
      topics: row.topics,
      countries: row.countries,
      from:
        address === null
          ? null
          : { name: row.fromName ?? sender?.name ?? config.FROM_NAME ?? row.name, address: normaliseEmail(address) ?? address },
      replyTo: row.replyTo,
      tracking: row.tracking,
      postalAddress: row.postalAddress ?? config.POSTAL_ADDRESS ?? null,
      publicUrl: config.STEWARD_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
      linkBase: publicUrl(config),
      language: row.language,
      loopback: sender?.loopback ?? false,
      connectionId: connection?.id ?? null,
      connectionRejected: connection?.state === 'rejected',
      transactionalOnly: sender?.transactionalOnly ?? null,
      connection: connection ?? null,
      channel,
      mailbox: mailbox === 'none' ? null : mailbox,
      sender: null,
      senders: own,
      rejected: new Set([...connections.values()].filter(({ state }) => state === 'rejected').map(({ id }) => id)),
      as: () => base,
    };
    settings.set(row.id, own.length === 0 ? base : await withSenders(runtime, base, connections, boxes));
  }
  return settings;
}

/** By country, and that of the company for people of whom nobody knows where they are. */
async function calendars({ holidays, country }: Row): Promise<(country: string | null) => Calendar | null> {
  await loadHolidays();
  const made = new Map<string | null, Calendar | null>();
  return (asked) => {
    const known = made.get(asked);
    if (known !== undefined) return known;
    const calendar = calendarOf(asked ?? country, holidays ?? []);
    made.set(asked, calendar);
    return calendar;
  };
}

/** The settings as each of the company's senders, worked out once a batch. */
async function withSenders(
  runtime: Runtime,
  base: SenderSettings,
  connections: ReadonlyMap<string, ConnectionRow>,
  boxes: readonly ConnectionRow[],
): Promise<SenderSettings> {
  const mailboxes = await Promise.all(boxes.flatMap((box) => (box.companyId === base.companyId ? [mailboxOf(runtime, box)] : [])));
  const all = new Map<string, SenderSettings>();
  const as = (senderId: string | null | undefined) => all.get(senderId ?? '') ?? whole;
  const whole: SenderSettings = { ...base, as };
  for (const sender of base.senders) {
    const connection = connections.get(sender.connectionId ?? '') ?? null;
    const known = connection === null ? null : await senderOf(runtime, connection);
    const own = mailboxes.find((box) => box !== 'none' && box.address === sender.address);
    all.set(sender.id, {
      ...whole,
      sender,
      from: { name: sender.name, address: sender.address },
      replyTo: sender.replyTo ?? base.replyTo,
      connection: connection ?? base.connection,
      connectionId: connection?.id ?? base.connectionId,
      connectionRejected: connection?.state === 'rejected',
      transactionalOnly: known?.transactionalOnly ?? null,
      loopback: known?.loopback ?? base.loopback,
      mailbox: own === undefined || own === 'none' ? base.mailbox : own,
    });
  }
  return whole;
}

async function sentToday(tx: Transaction, runtime: Runtime, companyId: string, timeZone: string): Promise<number> {
  const midnight = DateTime.fromJSDate(runtime.clock.now(), { zone: timeZone }).startOf('day').toJSDate();
  const [row] = await tx.query<{ sent: number }>(SENT_TODAY, [companyId, midnight]);
  return row?.sent ?? 0;
}
