import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { DocumentNotFound, getDocument } from '../document.ts';
import { shareUrl } from '../share/link.ts';
import { DEVICES, FACES } from '../tables.ts';
import { documentId } from './documents.ts';

const DAY_MS = 86_400_000;

/** No such link in this company. */
export class ShareNotFound extends NotFound {
  override readonly code = 'share_not_found';
}
/** There is no version that a link could show. */
export class NotPublished extends Conflict {
  override readonly code = 'not_published';
}

const Share = z.object({
  id: z.uuid(),
  documentId: z.uuid(),
  label: z.string(),
  url: z.string(),
  expiresAt: z.date().nullable().describe('null: until it is revoked'),
  revokedAt: z.date().nullable(),
  views: z.int().describe('By people, as far as one can tell'),
  machineViews: z.int().describe('By programs: previews and scanners'),
  lastViewAt: z.date().nullable().describe('By a person'),
  createdAt: z.date(),
});
type ShareRow = Omit<z.output<typeof Share>, 'url'>;

const COLUMNS = `s.id, s.document_id as "documentId", s.label, s.expires_at as "expiresAt", s.revoked_at as "revokedAt", s.created_at as "createdAt",
  (select count(*)::int from document_views v where v.share_id = s.id and v.machine is null) as views,
  (select count(*)::int from document_views v where v.share_id = s.id and v.machine is not null) as "machineViews",
  (select max(v.at) from document_views v where v.share_id = s.id and v.machine is null) as "lastViewAt"`;
const INSERT: Statement = {
  name: 'documents.share',
  text: 'insert into document_shares (id, company_id, document_id, label, expires_at, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)',
};
const BY_ID: Statement = {
  name: 'documents.share_get',
  text: `select ${COLUMNS} from document_shares s where s.company_id = $1 and s.id = $2`,
};
const LIST: Statement = {
  name: 'documents.shares',
  text: `select ${COLUMNS} from document_shares s where s.company_id = $1 and s.document_id = $2 order by s.created_at desc, s.id desc limit 200`,
};

async function getShare(ctx: Ctx, shareId: string): Promise<z.output<typeof Share>> {
  const [row] = await ctx.query<ShareRow>(BY_ID, [ctx.companyId, shareId]);
  if (row === undefined) throw new ShareNotFound('There is no such link; list those of a document with: steward documents shares');
  return { ...row, url: shareUrl(ctx.runtime, ctx.companyId, row.id) };
}

export const shareDocument = operation({
  name: 'documents.share',
  summary: 'Make a link to a document for people without an account; it shows the newest version',
  http: 'POST /api/documents/{document_id}/shares',
  cli: 'documents share',
  access: 'write',
  input: z.object({
    documentId: documentId(),
    label: z.string().trim().max(200).default('').describe('For whom; only you see it'),
    days: z.int().min(1).max(3_650).nullable().default(30).describe('Until it ends; null: until you revoke it'),
  }),
  output: Share,
  errors: [DocumentNotFound, NotPublished],
  async run(ctx, { documentId: id, label, days }) {
    const document = await getDocument(ctx, ctx.companyId, id);
    if (document.version === 0) throw new NotPublished('This document was not published yet; publish it, then share it');
    const now = ctx.clock.now();
    const shareId = newId();
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await ctx.query(INSERT, [shareId, ctx.companyId, id, label, days === null ? null : new Date(now.getTime() + days * DAY_MS), by, now]);
    return getShare(ctx, shareId);
  },
});

export const listShares = operation({
  name: 'documents.shares',
  summary: 'Links to a document, newest first, and how often each was looked at',
  http: 'GET /api/documents/{document_id}/shares',
  cli: 'documents shares',
  access: 'read',
  input: z.object({ documentId: documentId() }),
  output: z.object({ items: z.array(Share), nextCursor: z.null() }),
  errors: [DocumentNotFound],
  async run(ctx, { documentId: id }) {
    await getDocument(ctx, ctx.companyId, id);
    const rows = await ctx.query<ShareRow>(LIST, [ctx.companyId, id]);
    return { items: rows.map((row) => ({ ...row, url: shareUrl(ctx.runtime, ctx.companyId, row.id) })), nextCursor: null };
  },
});

const REVOKE: Statement = {
  name: 'documents.revoke',
  text: 'update document_shares set revoked_at = coalesce(revoked_at, $3) where company_id = $1 and id = $2',
};

export const revokeShare = operation({
  name: 'documents.revoke',
  summary: 'End a link at once; its log stays',
  http: 'POST /api/documents/shares/{share_id}/revoke',
  cli: 'documents revoke',
  access: 'write',
  status: 200,
  input: z.object({ shareId: z.uuid().describe('Id of the link') }),
  output: Share,
  errors: [ShareNotFound],
  async run(ctx, { shareId }) {
    await getShare(ctx, shareId);
    await ctx.query(REVOKE, [ctx.companyId, shareId, ctx.clock.now()]);
    return getShare(ctx, shareId);
  },
});

const View = z.object({
  id: z.uuid(),
  at: z.date(),
  face: z.enum(FACES),
  device: z.enum(DEVICES),
  machine: z.string().nullable().describe('Why it was probably a program; null: probably a person'),
});
const VIEWS: Statement = {
  name: 'documents.views',
  text: 'select id, at, face, device, machine from document_views where company_id = $1 and share_id = $2 order by at desc, id desc limit 200',
};

export const listViews = operation({
  name: 'documents.views',
  summary: 'When a link was looked at, the last 200 times; who it was is not kept',
  http: 'GET /api/documents/shares/{share_id}/views',
  cli: 'documents views',
  access: 'read',
  input: z.object({ shareId: z.uuid().describe('Id of the link') }),
  output: z.object({ items: z.array(View), nextCursor: z.null() }),
  errors: [ShareNotFound],
  async run(ctx, { shareId }) {
    await getShare(ctx, shareId);
    return { items: await ctx.query<z.output<typeof View>>(VIEWS, [ctx.companyId, shareId]), nextCursor: null };
  },
});

const Acceptance = z.object({
  documentId: z.uuid(),
  version: z.int(),
  sha256: z.string().describe('Of what stood there'),
  name: z.string().describe('As typed'),
  totalCents: z.int().nullable(),
  currency: z.string(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  acceptedAt: z.date(),
});
const ACCEPTED: Statement = {
  name: 'documents.acceptance',
  text: `select document_id as "documentId", version, sha256, name, total_cents::float8 as "totalCents", currency, ip, user_agent as "userAgent", accepted_at as "acceptedAt"
           from document_acceptances where company_id = $1 and document_id = $2`,
};

export const getAcceptance = operation({
  name: 'documents.acceptance',
  summary: 'Whether a proposal was accepted, and the proof of it',
  http: 'GET /api/documents/{document_id}/acceptance',
  cli: 'documents acceptance',
  access: 'read',
  input: z.object({ documentId: documentId() }),
  output: z.object({ acceptance: Acceptance.nullable() }),
  errors: [DocumentNotFound],
  async run(ctx, { documentId: id }) {
    await getDocument(ctx, ctx.companyId, id);
    const [acceptance] = await ctx.query<z.output<typeof Acceptance>>(ACCEPTED, [ctx.companyId, id]);
    return { acceptance: acceptance ?? null };
  },
});
