import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError, NotFound } from '#core/errors.ts';
import { cut, tidy } from '../names.ts';

/** No such file on this person. */
export class FileNotFound extends NotFound {
  override readonly code = 'file_not_found';
}

/** The file is larger than one may be. */
export class FileTooLarge extends AppError {
  readonly code = 'file_too_large';
  readonly status = 413;
}

/** 25 MB, as mail servers take. */
export const LARGEST_FILE = 25_000_000;
export const MOST_FILES = 500;
const CHUNK = 262_144;

/** A file on a person as the API shows it. */
export const PersonFile = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  personId: z.uuid(),
  name: z.string(),
  type: z.string().describe('Media type, told from the first bytes'),
  sizeBytes: z.int(),
  sha256: z.string().describe('Hex'),
  createdBy: z.uuid().nullable(),
  createdAt: z.date(),
  sharedAt: z.date().nullable().describe('Since then the client sees it on their page; null: it stays in the house'),
});
export type PersonFile = z.output<typeof PersonFile>;

export const FILE_COLUMNS = `f.id, f.company_id as "companyId", f.person_id as "personId", f.name, f.type, f.size_bytes as "sizeBytes", f.sha256,
  f.created_by as "createdBy", f.created_at as "createdAt", f.shared_at as "sharedAt"`;

/** Without folders and without what file systems choke on. */
export const fileName = (name: string): string =>
  cut(tidy(name.replace(/^.*[\\/]/, '').replace(/[<>:"|?*]/g, '_')).replace(/^\.+/, ''), 200) || 'file';

export interface NewFile {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly createdBy: string | null;
  readonly at: Date;
  /** The client sees it on their page: they sent it there, or got it with an answer. */
  readonly shared?: boolean;
}

/** Uploads that broke off more than a day ago go with the next one. */
const CLEAR: Statement = {
  name: 'people.files.clear',
  text: `delete from person_files where company_id = $1 and not complete and created_at < $2::timestamptz - interval '1 day'`,
};
const BEGIN: Statement = {
  name: 'people.files.begin',
  text: `insert into person_files (id, company_id, person_id, name, type, size_bytes, sha256, created_by, created_at, shared_at)
         select $2, $1, p.id, $4, 'application/octet-stream', 0, '', $5, $6, case when $7::boolean then $6::timestamptz end from people p where p.id = $3 and p.company_id = $1
            and (select count(*) from person_files f where f.person_id = p.id) < ${MOST_FILES} returning id`,
};
const APPEND: Statement = {
  name: 'people.files.append',
  text: 'insert into person_file_chunks (company_id, file_id, position, bytes) values ($1, $2, $3, $4)',
};
const FINISH: Statement = {
  name: 'people.files.finish',
  text: `update person_files f set complete = true, type = $3, size_bytes = $4, sha256 = $5 where f.company_id = $1 and f.id = $2 returning ${FILE_COLUMNS}`,
};
const GET: Statement = {
  name: 'people.files.get',
  text: `select ${FILE_COLUMNS} from person_files f where f.company_id = $1 and f.person_id = $2 and f.id = $3 and f.complete`,
};
const CHUNK_AT: Statement = {
  name: 'people.files.chunk',
  text: 'select bytes from person_file_chunks where company_id = $1 and file_id = $2 and position = $3',
};

/** False: no such person, or too many files on it. */
export async function beginFile(tx: Transaction, companyId: string, file: NewFile): Promise<boolean> {
  await tx.query(CLEAR, [companyId, file.at]);
  const made = await tx.query(BEGIN, [
    companyId,
    file.id,
    file.personId,
    fileName(file.name),
    file.createdBy,
    file.at,
    file.shared ?? false,
  ]);
  return made.length > 0;
}

export async function appendChunk(tx: Transaction, companyId: string, fileId: string, position: number, bytes: Buffer): Promise<void> {
  await tx.query(APPEND, [companyId, fileId, position, bytes]);
}

export async function finishFile(
  tx: Transaction,
  companyId: string,
  fileId: string,
  what: { readonly type: string; readonly sizeBytes: number; readonly sha256: string },
): Promise<PersonFile> {
  const [file] = await tx.query<PersonFile>(FINISH, [companyId, fileId, what.type, what.sizeBytes, what.sha256]);
  if (file === undefined) throw new FileNotFound('The person was deleted while the file came in');
  return file;
}

/** @throws FileNotFound */
export async function getFile(tx: Transaction, companyId: string, personId: string, fileId: string): Promise<PersonFile> {
  const [file] = await tx.query<PersonFile>(GET, [companyId, personId, fileId]);
  if (file === undefined) throw new FileNotFound('There is no such file on this person; list them with GET /api/people/{person_id}/files');
  return file;
}

const WHOLE: Statement = {
  name: 'people.files.whole',
  text: `select string_agg(c.bytes, ''::bytea order by c.position) as bytes from person_files f join person_file_chunks c on c.file_id = f.id and c.company_id = $1
          where f.company_id = $1 and f.id = $2 and f.complete group by f.id`,
};

/** All of it at once, at most 25 MB: for a mail, or for a page that shows it. Null: it is gone. */
export async function wholeFile(tx: Pick<Transaction, 'query'>, companyId: string, fileId: string): Promise<Buffer | null> {
  const [row] = await tx.query<{ bytes: Buffer }>(WHOLE, [companyId, fileId]);
  return row?.bytes ?? null;
}

export async function chunkAt(tx: Transaction, companyId: string, fileId: string, position: number): Promise<Buffer | null> {
  const [row] = await tx.query<{ bytes: Buffer }>(CHUNK_AT, [companyId, fileId, position]);
  return row?.bytes ?? null;
}

/** Cuts a stream of any pieces into chunks of one size. */
export async function* inChunks(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of source) {
    held.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    const all = Buffer.concat(held);
    let from = 0;
    for (; all.length - from >= CHUNK; from += CHUNK) yield all.subarray(from, from + CHUNK);
    held = [all.subarray(from)];
    size = all.length - from;
  }
  if (size > 0) yield Buffer.concat(held);
}
