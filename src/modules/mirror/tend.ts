import { googleTokens } from '#core/connector/google-account.ts';
import { Misconfigured } from '#core/errors.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { openFirestore } from '#core/stores/firestore-rest.ts';
import { setUp, sweep, takeDown, writeDue, type Mirror } from './mirror.ts';

const SCOPE = 'https://www.googleapis.com/auth/datastore';
const FIRESTORE = 'https://firestore.googleapis.com';
/** A document is held for longer (HELD_S). Milliseconds. */
const CALL_MS = 30_000;
/** In real time. */
const LOOK_MS = 1_000;
const LOOK_AFTER_FAILURE_MS = 30_000;

/** Null: FIRESTORE_MIRROR is not set. @throws Misconfigured what is missing */
export function mirrorOf({ config, clock }: Pick<Runtime, 'config' | 'clock'>): Mirror | null {
  const { FIRESTORE_MIRROR: root, FIREBASE_PROJECT_ID: project, FIRESTORE_EMULATOR_HOST: emulator } = config;
  if (root === undefined) return null;
  if (project === undefined) throw new Misconfigured('FIRESTORE_MIRROR is set, but not FIREBASE_PROJECT_ID: name the project');
  const { FIREBASE_CLIENT_EMAIL: clientEmail, FIREBASE_PRIVATE_KEY: privateKey } = config;
  const patience = { timeoutMs: CALL_MS, tries: 1 };
  const place = `${project}/${root}`;
  if (emulator !== undefined)
    return {
      store: openFirestore({ project, database: '(default)', baseUrl: `http://${emulator}`, tokens: null, ...patience }),
      root,
      place,
    };
  if (clientEmail === undefined || privateKey === undefined)
    throw new Misconfigured(
      'FIRESTORE_MIRROR wants a service account: set FIREBASE_CLIENT_EMAIL and FIREBASE_PRIVATE_KEY from its key file',
    );
  const tokens = googleTokens({ clientEmail, privateKey }, SCOPE, clock);
  const baseUrl = config.vendorBaseUrls['firestore'] ?? FIRESTORE;
  return { store: openFirestore({ project, database: '(default)', baseUrl, tokens, ...patience }), root, place };
}

/** The worker's share. A change is in Firestore within a second or two; while Firestore is away changes wait, and nothing else does. */
export async function tendMirror(runtime: Runtime): Promise<Stop> {
  const mirror = mirrorOf(runtime);
  if (mirror === null) {
    await takeDown(runtime);
    return async () => undefined;
  }
  await setUp(runtime, mirror);
  return nowAndThen({
    log: runtime.log,
    everyMs: LOOK_MS,
    afterFailureMs: LOOK_AFTER_FAILURE_MS,
    what: 'write to the Firestore mirror',
    async round(going) {
      while (going() && (await writeDue(runtime, mirror)) > 0);
      if (going()) await sweep(runtime, mirror);
    },
  });
}
