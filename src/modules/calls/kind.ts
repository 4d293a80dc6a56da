import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { CallKindNotFound } from './errors.ts';
import { UNREAD } from './tables.ts';

const minutes = (most: number) => z.coerce.number().int().min(0).max(most);

/** What may be set of a kind, without defaults. */
export const KindFields = {
  title: z.string().trim().min(1).max(120).describe('As clients read it'),
  description: z.string().trim().max(2_000).describe('What it is for; stands above the times'),
  minutes: z.coerce.number().int().min(5).max(480),
  stepMinutes: z.coerce.number().int().min(5).max(480).describe('Times begin so far apart'),
  beforeMinutes: minutes(240).describe('Kept free before it'),
  afterMinutes: minutes(240).describe('Kept free after it'),
  noticeMinutes: minutes(43_200).describe('Nobody books sooner than that from now'),
  horizonDays: z.coerce.number().int().min(1).max(60).describe('Nobody books later than that'),
  dailyLimit: z.coerce.number().int().min(1).max(50).nullable().describe('Of this kind, a day and host; null: any number'),
  hostIds: z.array(z.uuid()).min(1).max(20).describe('Users; any of them takes the call'),
  place: z.string().trim().max(500).describe('A link, a number or an address'),
  unread: z.enum(UNREAD).describe('A calendar that cannot be read: hide the times of its owner, or offer them all the same'),
  inPortal: z.boolean().describe('Clients may book it on their page'),
  open: z.boolean().describe('Anybody may book it who has its address; whoever is new becomes a lead'),
};

export const CallKind = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  ...KindFields,
  hostIds: z.array(z.uuid()),
  url: z.url().describe('Where anybody books it, where it is open'),
  position: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Kind = Omit<z.output<typeof CallKind>, 'url'>;

export const KIND_COLUMNS = `k.id, k.company_id as "companyId", k.title, k.description, k.minutes, k.step_minutes as "stepMinutes", k.before_minutes as "beforeMinutes",
  k.after_minutes as "afterMinutes", k.notice_minutes as "noticeMinutes", k.horizon_days as "horizonDays", k.daily_limit as "dailyLimit", k.host_ids as "hostIds", k.place,
  k.unread, k.in_portal as "inPortal", k.open, k.position, k.created_at as "createdAt", k.updated_at as "updatedAt"`;

const ALL: Statement = {
  name: 'calls.kinds',
  text: `select ${KIND_COLUMNS} from call_kinds k where k.company_id = $1 order by k.position, k.created_at, k.id limit 200`,
};
const ONE: Statement = { name: 'calls.kind', text: `select ${KIND_COLUMNS} from call_kinds k where k.company_id = $1 and k.id = $2` };
/** Bookings of one kind follow each other. */
const LOCK: Statement = { name: 'calls.lock_kind', text: `${ONE.text} for update` };

export const kindsOf = (tx: Transaction, companyId: string) => tx.query<Kind>(ALL, [companyId]);

/** Those that anybody may book. */
export const openKinds = async (tx: Transaction, companyId: string) => (await kindsOf(tx, companyId)).filter(({ open }) => open);

export async function findKind(tx: Transaction, companyId: string, id: string): Promise<Kind | null> {
  const [row] = await tx.query<Kind>(ONE, [companyId, id]);
  return row ?? null;
}

/** @throws CallKindNotFound */
export async function getKind(tx: Transaction, companyId: string, id: string, { lock = false } = {}): Promise<Kind> {
  const [row] = await tx.query<Kind>(lock ? LOCK : ONE, [companyId, id]);
  if (row === undefined) throw new CallKindNotFound('There is no such kind of call; list them with: steward calls kinds');
  return row;
}
