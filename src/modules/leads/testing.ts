export { runImport } from './import/run.ts';
import type { TestApp } from '#testing/app.ts';

/** What tests of this module look at: events still on the outbox about a row or a person, oldest first, as name and payload. */
export async function eventsAbout(app: TestApp, id: string): Promise<[name: string, payload: unknown][]> {
  const text = 'select name, payload from outbox where subject_id = $1 or person_id = $1 order by id';
  const rows = await app.runtime.system.read((tx) => tx.query<{ name: string; payload: unknown }>({ name: 'test.events', text }, [id]));
  return rows.map((row) => [row.name, row.payload]);
}

/** Headers of the person at the machine, acting in the test's company. */
export function operatorHeaders(app: TestApp, companyId: string = app.company.companyId): Record<string, string> {
  return { authorization: 'Bearer operator-token-of-tests', 'x-steward-company': companyId };
}
