import type { Firm } from './firm.ts';

/** A client's own doing on their page: the act that stands behind a button of a part. @throws what the page would say */
export async function onTheirPage(
  firm: Firm,
  who: { readonly clientId: string; readonly personId: string; readonly name: string },
  press: { readonly part: string; readonly button: string; readonly path: string; readonly fields?: Readonly<Record<string, string>> },
): Promise<void> {
  const { runtime } = firm.stage.steward;
  const act = runtime.portal.find(({ name }) => name === press.part)?.acts?.[press.button];
  if (act === undefined) throw new Error(`the demo presses ${press.button} on ${press.part}, which does not exist`);
  const visit = {
    runtime,
    companyId: firm.companyId,
    clientId: who.clientId,
    personId: who.personId,
    name: who.name,
    company: { name: 'Nordlicht Heating', timeZone: 'Europe/Berlin' },
    language: 'en' as const,
    now: firm.stage.clock.now(),
    at: `/portal/demo/${press.part}`,
    typed: {},
    faults: [],
    once: '',
    ip: '127.0.0.1',
    userAgent: 'demo',
  };
  await runtime.database.write(firm.companyId, (tx) => act(tx, visit, { path: press.path, fields: press.fields ?? {}, files: [] }));
}
