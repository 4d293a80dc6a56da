import type { SourcePort, SourceRecord } from '#core/ports/source.ts';
import type { sqlConnector } from '#core/connector/sql/connector.ts';

type SqlConnector = ReturnType<typeof sqlConnector>;

/** Opens a source on all `customers`, by `no` and `changed`, unless the settings say otherwise. */
export function openSource(of: SqlConnector, credentials: Parameters<SqlConnector['verify']>[0], settings: object = {}): SourcePort {
  const port = of.source?.(
    credentials,
    { baseUrl: undefined },
    { query: 'select * from customers -- all', idColumn: 'no', cursorColumn: 'changed', ...settings },
  );
  if (port === undefined) throw new Error('it is a source');
  return port;
}

/** Reads a pass to its end. `between`: what happens while its pages are read. */
export async function readPass(
  port: SourcePort,
  fields: readonly string[],
  mark: string | null,
  between: () => unknown = () => undefined,
): Promise<{ records: SourceRecord[]; pages: number; mark: string | null }> {
  const records: SourceRecord[] = [];
  let cursor: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page = await port.page({ object: 'query', fields, mark, cursor });
    records.push(...page.records);
    if (page.cursor === null) return { records, pages, mark: page.mark };
    ({ cursor } = page);
    await between();
  }
}
