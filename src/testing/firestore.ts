import { contractsFolder, openContract } from './contract.ts';
import { fakeVendor, type VendorRequest } from './fake-vendor.ts';

/** A Firestore on a local port. */
interface FakeFirestore {
  readonly url: string;
  /** What its published contract finds wrong with the requests so far; null: there is no contract at hand. */
  faults(): readonly string[] | null;
  close(): Promise<void>;
}

/** As the contract writes it: by an address alone, `main:runQuery` could be the name of a collection. */
const TEMPLATE = '/v1/projects/{projectsId}/databases/{databasesId}/documents';
/** Google's own emulator, where one runs: `gcloud emulators firestore start --host-port=127.0.0.1:8085`, and its address in FIRESTORE_EMULATOR_HOST. */
export const emulatorUrl = (): string | null => {
  const host = process.env['FIRESTORE_EMULATOR_HOST'];
  return host === undefined || host === '' ? null : `http://${host}`;
};

/** Everything out of it. */
export async function emptyEmulator(url: string): Promise<void> {
  await fetch(`${url}/emulator/v1/projects/demo/databases/(default)/documents`, { method: 'DELETE' });
}

interface Stored {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * What Firestore does with the three calls that Steward makes, in memory: batchGet, commit, runQuery over one collection by name. Its limits are
 * Firestore's own. Requests are checked against the published contract where it is at hand.
 * @see https://firebase.google.com/docs/firestore/quotas
 */
export async function fakeFirestore(): Promise<FakeFirestore> {
  const documents = new Map<string, Stored>();
  const contract = contractsFolder() === undefined ? null : openContract('firestore');
  const found: string[] = [];
  const vendor = await fakeVendor((request) => {
    const template = `${TEMPLATE}${request.path.endsWith(':runQuery') ? '/{documentsId}/{documentsId1}' : ''}${/:\w+$/.exec(request.path)?.[0] ?? ''}`;
    found.push(...(contract?.faults({ ...request, path: template }) ?? []));
    try {
      const body = answer(documents, request);
      // Of what comes as a stream the contract describes one piece.
      for (const piece of Array.isArray(body) ? body : [body])
        found.push(...(contract?.answerFaults(request.method, template, piece) ?? []));
      return { status: 200, body };
    } catch (error) {
      return { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: String(error) } } };
    }
  });
  return { url: vendor.url, faults: () => (contract === null ? null : found), close: () => vendor.close() };
}

function answer(documents: Map<string, Stored>, { path, body, rawBody }: VendorRequest): unknown {
  const now = '2026-06-02T08:00:00.000Z';
  // The body of a request of ours; the contract has checked its form.
  const asked = body as {
    readonly documents?: readonly string[];
    readonly writes?: readonly { readonly update?: Stored; readonly delete?: string }[];
    readonly structuredQuery?: {
      readonly from: readonly [{ readonly collectionId: string }];
      readonly limit: number;
      readonly startAt?: { readonly values: readonly [{ readonly referenceValue: string }] };
    };
  };
  const shown = ({ name, fields }: Stored) => ({ name, fields, createTime: now, updateTime: now });
  if (path.endsWith(':batchGet'))
    return (asked.documents ?? []).map((name) => {
      const stored = documents.get(name);
      return stored === undefined ? { missing: name, readTime: now } : { found: shown(stored), readTime: now };
    });
  if (path.endsWith(':commit')) {
    const writes = asked.writes ?? [];
    if (writes.length > 500 || rawBody.length > 10 * 1_048_576) throw new Error('the commit is too large');
    for (const { update } of writes) if (update !== undefined) refuse(update);
    for (const write of writes) {
      if (write.update !== undefined) documents.set(write.update.name, write.update);
      if (write.delete !== undefined) documents.delete(write.delete);
    }
    return { commitTime: now, writeResults: writes.map(() => ({ updateTime: now })) };
  }
  if (!path.endsWith(':runQuery') || asked.structuredQuery === undefined) throw new Error(`the fake knows no ${path}`);
  const { from, limit, startAt } = asked.structuredQuery;
  const collection = `${path.replace('/v1/', '').replace(':runQuery', '')}/${from[0].collectionId}/`;
  const names = [...documents.keys()]
    .filter((name) => name.startsWith(collection) && !name.slice(collection.length).includes('/'))
    .toSorted();
  const page = names.filter((name) => startAt === undefined || name > startAt.values[0].referenceValue).slice(0, limit);
  const rows = page.map((name) => documents.get(name)).filter((stored) => stored !== undefined);
  return rows.length === 0 ? [{ readTime: now }] : rows.map((stored) => ({ document: shown(stored), readTime: now }));
}

/** What Firestore would not take. */
function refuse({ name, fields }: Stored): void {
  if (JSON.stringify(fields).length > 1.4 * 1_048_576) throw new Error(`${name} is longer than a document may be`);
  const nested = (value: unknown, depth: number, inArray: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    if (depth > 40) throw new Error('too deep');
    for (const [key, member] of Object.entries(value)) {
      if (key === 'arrayValue' && inArray) throw new Error('an array in an array');
      if (key === 'fields' && Object.keys(Object(member)).some((one) => one === '' || /^__.*__$/.test(one)))
        throw new Error('a reserved name');
      nested(member, depth + 1, key === 'arrayValue' || (inArray && (key === 'values' || /^\d+$/.test(key))));
    }
  };
  nested({ fields }, 0, false);
}
