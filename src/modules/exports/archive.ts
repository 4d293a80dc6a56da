import { createHash } from 'node:crypto';
import type { Transaction } from '#core/database/database.ts';
import type { ZipEntry } from '#core/zip.ts';

/** Keys and sessions open doors and are nobody's data; the file of an import stays with whoever sent it. */
const LEFT_OUT: readonly string[] = [
  'sessions',
  'password_resets',
  'setup_tokens',
  'sign_in_attempts',
  'idempotency_keys',
  'import_chunks',
  'outbox',
];
/** Hashes of credentials, sealed credentials and tokens in every table. */
const SECRETS: readonly string[] = ['hashed_password', 'token_hash', 'key_hash', 'sealed_credentials', 'token', 'secret'];

const TABLES = {
  name: 'archive.tables',
  text: `select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'id' and not a.attisdropped) as "hasId"
           from pg_class c
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and has_table_privilege(c.oid, 'select')
            and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped)
          order by c.relname`,
};
const SNAPSHOT = { name: '', text: 'set transaction isolation level repeatable read' };
const AT_ONCE = 500;

export interface ArchiveFile {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Everything that a company owns, a file of JSON Lines a table, from one snapshot; last the manifest with counts and hashes. Each line ends
 * with the hash of its row (`row_sha256`, over the JSON before it was added), so that two archives can be compared row by row.
 */
export async function* archive(
  tx: Transaction,
  about: { readonly companyId: string; readonly at: Date; readonly version: string },
  done: (files: readonly ArchiveFile[]) => void,
): AsyncGenerator<ZipEntry> {
  await tx.query(SNAPSHOT, []);
  const tables = (await tx.query<{ name: string; hasId: boolean }>(TABLES, [])).filter(({ name }) => !LEFT_OUT.includes(name));
  const files: ArchiveFile[] = [];
  const queries = [
    { name: 'companies', text: `select to_jsonb(x) as row from companies x where x.id = $1` },
    ...tables.map(({ name, hasId }) => ({
      name,
      text: `select ${rowOf(name)} - $2::text[] as row from "${name}" x where x.company_id = $1${hasId ? ' order by x.id' : ''}`,
    })),
  ];
  for (const { name, text } of queries) {
    const file = { name: `${name}.jsonl`, rows: 0, bytes: 0 };
    const hash = createHash('sha256');
    yield {
      name: file.name,
      chunks: (async function* () {
        await tx.query(
          { name: '', text: `declare archive_rows no scroll cursor for ${text}` },
          text.includes('$2') ? [about.companyId, SECRETS] : [about.companyId],
        );
        for (;;) {
          const rows = await tx.query<{ row: object }>({ name: '', text: `fetch ${AT_ONCE} from archive_rows` }, []);
          const lines = rows.map(({ row }) => lineOf(row)).join('');
          file.rows += rows.length;
          file.bytes += Buffer.byteLength(lines);
          hash.update(lines);
          if (lines !== '') yield lines;
          if (rows.length < AT_ONCE) break;
        }
        await tx.query({ name: '', text: 'close archive_rows' }, []);
        files.push({ ...file, sha256: hash.digest('hex') });
      })(),
    };
  }
  yield {
    name: 'manifest.json',
    chunks: (function* () {
      const manifest = {
        format: 'steward-archive/1',
        company_id: about.companyId,
        made_at: about.at.toISOString(),
        steward: about.version,
        left_out: { tables: LEFT_OUT, columns: SECRETS },
        rows: files.reduce((sum, file) => sum + file.rows, 0),
        files,
      };
      yield `${JSON.stringify(manifest, null, 2)}\n`;
    })(),
  };
  done(files);
}

/** A mail with a sign-in link keeps its text to itself. */
function rowOf(table: string): string {
  if (table !== 'messages') return 'to_jsonb(x)';
  return `(to_jsonb(x) || case when x.sensitive then '{"text": null, "html": null}'::jsonb else '{}'::jsonb end)`;
}

function lineOf(row: object): string {
  const sha256 = createHash('sha256').update(JSON.stringify(row)).digest('hex');
  return `${JSON.stringify({ ...row, row_sha256: sha256 })}\n`;
}
