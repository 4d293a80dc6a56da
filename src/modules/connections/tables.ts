import { sql } from 'drizzle-orm';
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, id, instant } from '#core/database/columns.ts';

export const CONNECTION_STATES = ['untested', 'ok', 'rejected'] as const;

/** One company's credentials for one vendor. `rejected`: the vendor no longer accepts them; what needs it waits. */
export const connections = pgTable('connections', {
  id: id(),
  companyId: companyId(),
  connector: text().notNull(),
  title: text().notNull(),
  sealedCredentials: text().notNull(), // JSON of the connector's fields, bound to the row's id
  baseUrl: text(),
  origin: text({ enum: ['person', 'environment'] })
    .notNull()
    .default('person'),
  state: text({ enum: CONNECTION_STATES }).notNull().default('untested'),
  account: text(), // who we are there, as the vendor says
  error: text(),
  lastVerifiedAt: instant(),
  cursor: text(), // where reading a mailbox stands
  lastActivityAt: instant(),
  limitRequests: integer(), // in the place of the vendor's limit: so many requests …
  limitSeconds: integer(), // … in so many seconds
  createdAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
  updatedAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
});

/** Rate limits across processes: see turns.ts. */
export const connectionTurns = pgTable('connection_turns', {
  connectionId: uuid().primaryKey(),
  companyId: companyId(),
  nextAt: instant().notNull(), // the first turn that nobody has
  heldUntil: instant(), // the vendor asked for quiet
});

/** A sign-in at a vendor (OAuth 2): begun by one person in one session, then held and renewed. */
export const connectionSignIns = pgTable('connection_sign_ins', {
  id: id(),
  companyId: companyId(),
  connectionId: uuid().notNull(),
  stateHash: text(),
  begunBy: uuid(),
  begunSession: uuid(),
  begunUntil: instant(),
  redirectUri: text(),
  sealedVerifier: text(),
  sealedTokens: text(),
  scopes: text(),
  accessExpiresAt: instant(),
  refreshExpiresAt: instant(),
  grantedAt: instant(),
  renewingUntil: instant(),
  createdAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
  updatedAt: instant()
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
});

/** The last requests to a vendor, without what was in them. */
export const connectionRequests = pgTable('connection_requests', {
  id: id(),
  companyId: companyId(),
  connectionId: uuid().notNull(),
  method: text().notNull(),
  path: text().notNull(), // without query, addresses and numbers
  status: integer(), // null: no answer came
  ms: integer().notNull(),
  error: text(),
  at: instant().notNull(),
});
