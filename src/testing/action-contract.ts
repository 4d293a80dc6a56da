import { describe, expect, test } from 'vitest';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { contractsFolder, openContract, type Contract } from './contract.ts';
import { fakeVendor, type VendorAnswer, type VendorRequest } from './fake-vendor.ts';

type ErrorClass = abstract new (...parts: never[]) => Error;

/** One thing that a connector does at its vendor. */
export interface VendorAction {
  readonly name: string;
  run(options: ConnectorOptions): Promise<unknown>;
  /** All is well. */
  readonly good: (request: VendorRequest) => VendorAnswer & object;
  /** `safe`: asking again harms nobody, so a lost answer is VendorUnavailable; else it is MaybeDone. */
  readonly repeat: 'safe' | 'unsafe';
  /** Where this vendor, or whoever asks it, means something else by a status than most; `answers`: no error at all. */
  readonly means?: Readonly<Record<number, ErrorClass | 'answers'>>;
  /** Requests for this many tries when an answer is lost: 3 with an idempotency key. Default 1. */
  readonly triesWhenLost?: number;
  /** Mistakes of its own that must be noticed; those that any request may hold are planted besides. */
  readonly planted?: readonly ((request: VendorRequest) => VendorRequest)[];
  /** Requests that it makes when all is well. Default 1. */
  readonly requests?: number;
  /** What it asks besides, before the thing itself (what fields there are): always answered well; undefined: this is the thing itself. */
  readonly beside?: (request: VendorRequest) => (VendorAnswer & object) | undefined;
}

export interface ActionContract {
  /** Names the contract: `specs/<vendor>.json`. */
  readonly vendor: string;
  /** Of a vendor that publishes none: written by hand from its documentation. */
  readonly byHand?: Contract;
  /** What must show in no error. */
  readonly secret: string;
  /** Its words for no, in its own shape. */
  refusal(message: string): unknown;
  /** What the contract leaves open and the vendor's documentation does not, in words. */
  readonly also?: (request: VendorRequest) => string[];
  readonly actions: readonly VendorAction[];
}

/** The error table: what each end means to whoever asked. */
const TABLE: readonly [status: number, meaning: ErrorClass | 'lost'][] = [
  [400, VendorRefused],
  [302, VendorRefused],
  [401, CredentialsRejected],
  [403, CredentialsRejected],
  [404, VendorRefused],
  [409, VendorRefused],
  [413, VendorRefused],
  [422, VendorRefused],
  [429, VendorUnavailable],
  [500, 'lost'],
  [502, 'lost'],
  [503, VendorUnavailable],
  [504, 'lost'],
];

/** The suite that every action of every connector passes: the error table, right requests by the contract, planted mistakes noticed. Counts are printed. */
export function actionContract({ vendor, byHand, secret, refusal, also = () => [], actions }: ActionContract): void {
  describe.each(actions.map((action) => [action.name, action] as const))(`${vendor}: %s`, (name, action) => {
    const lost = action.repeat === 'safe' ? VendorUnavailable : MaybeDone;
    const triesWhenLost = action.triesWhenLost ?? 1;

    test('each end has its own error', async () => {
      const said = refusal(`no, ${secret}`);
      const ends = TABLE.map(([status, usual]): End => {
        const own = action.means?.[status];
        const tries = own === undefined && usual === 'lost' ? triesWhenLost : 1;
        const answer = { status, headers: { 'retry-after': '17' }, body: said };
        return { what: String(status), answer, meaning: own ?? (usual === 'lost' ? lost : usual), tries };
      });
      ends.push(
        { what: 'a cut connection', answer: 'cut', meaning: lost, tries: triesWhenLost },
        { what: 'time-out', answer: 'silence', meaning: lost, tries: 1 },
        { what: 'a page instead of its answer', answer: { status: 200, body: '<html>login</html>' }, meaning: lost, tries: triesWhenLost },
        { what: 'another shape', answer: { status: 200, body: { hello: 'world' } }, meaning: lost, tries: triesWhenLost },
      );
      await Promise.all(
        ends.map(async ({ what, answer, meaning, tries }) => {
          const { error, requests: all } = await attempt(action, (request) => action.beside?.(request) ?? answer);
          const requests = all.filter((request) => action.beside?.(request) === undefined);
          if (meaning === 'answers') expect(error, `${name}, ${what}`).toBeNull();
          else expect(error, `${name}, ${what}`).toBeInstanceOf(meaning);
          expect(String(error), `${name}, ${what}`).not.toContain(secret);
          expect(requests.length, `${name}, ${what}: tries`).toBe(tries);
          if (what === '429') expect(error).toMatchObject({ retryAfterS: 17 });
          if (what === '422' && meaning !== 'answers') expect(String(error), `${name}, ${what}`).toContain('no, [secret]');
        }),
      );
      const gone = await fakeVendor(() => 'cut');
      await gone.close();
      await expect(action.run({ baseUrl: gone.url })).rejects.toBeInstanceOf(VendorUnavailable);
      process.stderr.write(`${vendor}, ${name}: ${ends.length + 1} ends, each with its own error\n`);
    });

    const missing = byHand === undefined && contractsFolder() === undefined;
    const withContract = missing ? test.skip : test;
    if (missing) process.stderr.write(`SKIPPED: the contract of ${vendor}, because STEWARD_CONTRACTS is not set\n`);

    withContract('sends what the contract allows, and each planted mistake is noticed', async () => {
      const contract = byHand ?? openContract(vendor);
      const faultsOf = (request: VendorRequest) => [...contract.faults(request), ...also(request)];
      const faults: string[] = [];
      const { error, requests } = await attempt(action, (request) => {
        const answer = action.beside?.(request) ?? action.good(request);
        faults.push(...faultsOf(request), ...contract.answerFaults(request.method, request.path, answer.body, answer.status));
        return answer;
      });
      expect(error).toBeNull();
      expect(faults).toEqual([]);
      expect(requests).toHaveLength(action.requests ?? 1);
      const wrong = requests.flatMap((good) => [...everyMistake(good), ...(action.planted ?? []).map((plant) => plant(good))]);
      const unnoticed = wrong.filter((one) => faultsOf(one).length === 0);
      expect(unnoticed).toEqual([]);
      process.stderr.write(
        `contract of ${vendor}, ${name}: ${requests.length} right, 0 faults; ${wrong.length} wrong, ${wrong.length - unnoticed.length} rejected\n`,
      );
    });
  });
}

interface End {
  readonly what: string;
  readonly answer: VendorAnswer;
  readonly meaning: ErrorClass | 'answers';
  readonly tries: number;
}

/** The action once, at a vendor of its own. */
async function attempt(
  action: VendorAction,
  reply: (request: VendorRequest) => VendorAnswer,
): Promise<{ error: unknown; requests: readonly VendorRequest[] }> {
  const stop = new AbortController();
  const vendor = await fakeVendor((request) => {
    const answer = reply(request);
    if (answer === 'silence') stop.abort(); // the time is up while the vendor says nothing
    return answer;
  });
  const error = await action.run({ baseUrl: vendor.url, signal: stop.signal }).then(
    () => null,
    (caught: unknown) => caught,
  );
  await vendor.close();
  return { error, requests: vendor.requests };
}

/** Mistakes that any request may hold. */
function everyMistake(good: VendorRequest): VendorRequest[] {
  const { authorization: _, ...keyless } = good.headers;
  const query = (extra: string) => (good.query === '' ? extra : `${good.query}&${extra}`);
  const mistakes: VendorRequest[] = [
    { ...good, path: `${good.path}/x/y` },
    { ...good, path: `/x${good.path}` },
    { ...good, method: good.method === 'POST' || good.method === 'DELETE' ? 'PUT' : 'DELETE' },
    { ...good, headers: keyless },
    { ...good, headers: { ...good.headers, authorization: 'nonsense' } },
    { ...good, query: query('nobody_knows_this=1') },
  ];
  if (good.body === undefined)
    return [...mistakes, { ...good, body: { surprise: true }, headers: { ...good.headers, 'content-type': 'application/json' } }];
  const body = Object(good.body) as Record<string, unknown>; // forms and JSON bodies of vendors are objects
  return [
    ...mistakes,
    { ...good, headers: { ...good.headers, 'content-type': 'text/plain' } },
    { ...good, body: undefined },
    { ...good, body: { ...body, nobody_knows_this: 'x' } },
  ];
}

/** For `planted`: the same request with another body. */
export function withBody(change: (body: Record<string, unknown>) => Record<string, unknown>): (request: VendorRequest) => VendorRequest {
  return (request) => ({ ...request, body: change(Object(request.body) as Record<string, unknown>) }); // an object, as above
}

/** For `planted`: the same request with this in its query instead. */
export function withQuery(name: string, value: string | null): (request: VendorRequest) => VendorRequest {
  return (request) => {
    const query = new URLSearchParams(request.query);
    if (value === null) query.delete(name);
    else query.set(name, value);
    return { ...request, query: query.toString() };
  };
}
