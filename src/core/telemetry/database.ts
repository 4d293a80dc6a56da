import type { Database, SystemDatabase } from '#core/database/database.ts';
import { inChildSpan } from './tracing.ts';

/** One span a transaction, not a statement: `db.system.name` by the semantic conventions, no text of any statement. */
const spec = (name: string) =>
  ({ name, kind: 'client', attributes: { 'db.system.name': 'postgresql', 'db.operation.name': name } }) as const;

export function tracedDatabase(database: Database): Database {
  return {
    write: (companyId, work) => inChildSpan(spec('transaction'), () => database.write(companyId, work)),
    read: (companyId, work) => inChildSpan(spec('read transaction'), () => database.read(companyId, work)),
    sandbox: (companyId, plan) => database.sandbox(companyId, plan),
    close: () => database.close(),
  };
}

export function tracedSystem(system: SystemDatabase): SystemDatabase {
  return {
    write: (work) => inChildSpan(spec('transaction'), () => system.write(work)),
    round: (kind, work) => inChildSpan(spec('transaction'), () => system.round(kind, work)),
    read: (work) => inChildSpan(spec('read transaction'), () => system.read(work)),
    execute: (text, values) => system.execute(text, values),
    listen: (channel, onMessage) => system.listen(channel, onMessage),
  };
}
