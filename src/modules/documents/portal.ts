import type { Statement, Transaction } from '#core/database/database.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { PortalFile, PortalPart, PortalVisit } from '#core/portal/types.ts';
import { wholeFile } from '#modules/people/public.ts';
import { badge, dayIn, dayOf, inside, rows, sizeOf } from '#modules/portal/public.ts';
import { sharePath } from './share/link.ts';
import { lapsed } from './share/shared.ts';
import { SHARED_WORDS } from './share/words.ts';
import type { DOCUMENT_KINDS } from './tables.ts';

const MOST = 50;
const FILE = /^files\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Documents of this client with a link that is still good, by the link that ends last. documents_of_client and document_shares_of_document serve it. */
const SHARED: Statement = {
  name: 'documents.portal_list',
  text: `select d.kind, coalesce(v.content ->> 'title', d.title) as title, s.id as "shareId", s.expires_at as "expiresAt", v.published_at as at, d.valid_until::text as "validUntil", a.accepted_at as "acceptedAt"
           from clients c join documents d on d.client_id = c.id and d.company_id = c.company_id
           left join document_acceptances a on a.document_id = d.id and a.company_id = $1
           join document_versions v on v.document_id = d.id and v.company_id = $1 and v.number = coalesce(a.version, d.version)
           join lateral (select s.id, s.expires_at from document_shares s where s.document_id = d.id and s.company_id = $1 and s.revoked_at is null
              and (s.expires_at is null or s.expires_at > $3) order by s.expires_at desc nulls first, s.id desc limit 1) s on true
          where c.company_id = $1 and c.id = $2 order by v.published_at desc, d.id desc limit ${MOST}`,
};
/** person_files_shared serves it. */
const FILES: Statement = {
  name: 'documents.portal_files',
  text: `select f.id, f.name, f.size_bytes as "sizeBytes", f.shared_at as at from clients c join person_files f on f.person_id = c.person_id and f.company_id = c.company_id
          where c.company_id = $1 and c.id = $2 and f.shared_at is not null and f.complete order by f.shared_at desc, f.id desc limit ${MOST}`,
};
const FILE_OF: Statement = {
  name: 'documents.portal_file',
  text: `select f.name, f.type from clients c join person_files f on f.person_id = c.person_id and f.company_id = c.company_id
          where c.company_id = $1 and c.id = $2 and f.id = $3 and f.shared_at is not null and f.complete`,
};

interface SharedDocument {
  readonly kind: (typeof DOCUMENT_KINDS)[number];
  readonly title: string;
  readonly shareId: string;
  readonly expiresAt: Date | null;
  readonly at: Date;
  readonly validUntil: string | null;
  readonly acceptedAt: Date | null;
}

function markOf(visit: PortalVisit, { kind, validUntil, acceptedAt }: SharedDocument): Html | null {
  if (kind !== 'proposal') return null;
  const words = SHARED_WORDS[visit.language];
  if (acceptedAt !== null) return badge(words.accepted, 'ok');
  return lapsed({ validUntil, zone: visit.company.timeZone }, visit.now) ? badge(words.lapsed) : badge(words.toAccept, 'accent');
}

function detailOf(visit: PortalVisit, { kind, validUntil, acceptedAt, at }: SharedDocument): string {
  const words = SHARED_WORDS[visit.language];
  const day = acceptedAt === null ? dayIn(visit, at) : words.acceptedOn(dayIn(visit, acceptedAt));
  const open = kind === 'proposal' && acceptedAt === null && validUntil !== null;
  return [words.kinds[kind], day, open ? words.goodUntil(dayOf(visit, validUntil)) : null].filter((one) => one !== null).join(' · ');
}

/** What was shared with this client: documents by their links, whose log counts the look, and files. A link that has ended is not shown. */
export const documentsPart: PortalPart = {
  name: 'documents',
  title: (language) => SHARED_WORDS[language].documents,
  place: 30,
  async front(tx, visit) {
    const documents = await tx.query<SharedDocument>(SHARED, [visit.companyId, visit.clientId, visit.now]);
    const files = await tx.query<{ id: string; name: string; sizeBytes: number; at: Date }>(FILES, [visit.companyId, visit.clientId]);
    if (documents.length + files.length === 0) return null;
    const papers = rows(
      documents.map((one) => ({
        title: one.title,
        detail: detailOf(visit, one),
        badge: markOf(visit, one),
        href: sharePath(visit.runtime, visit.companyId, one.shareId),
      })),
    );
    const kept = rows(
      files.map(({ id, name, sizeBytes, at }) => ({
        title: name,
        detail: dayIn(visit, at),
        figure: sizeOf(visit, sizeBytes),
        href: `${visit.at}/files/${id}`,
      })),
    );
    return html`${documents.length === 0 ? null : papers}${
      files.length === 0
        ? null
        : html`${documents.length === 0 ? null : inside(html`<h3>${SHARED_WORDS[visit.language].files}</h3>`)}${kept}`
    }`;
  },
  async open(tx, visit, path) {
    const id = FILE.exec(path)?.[1];
    return id === undefined ? null : fileOf(tx, visit, id);
  },
};

async function fileOf(tx: Transaction, { runtime, companyId, clientId }: PortalVisit, id: string): Promise<PortalFile | null> {
  const [file] = await tx.query<{ name: string; type: string }>(FILE_OF, [companyId, clientId, id]);
  if (file === undefined) return null;
  return {
    filename: file.name,
    contentType: file.type,
    bytes: async () => (await runtime.database.read(companyId, (own) => wholeFile(own, companyId, id))) ?? Buffer.alloc(0),
  };
}
