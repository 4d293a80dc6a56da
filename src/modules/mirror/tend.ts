import { googleTokens } from '#core/connector/google-account.ts';
import { Misconfigured } from '#core/errors.ts';
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
export async function tendMirror(runtime: Runtime): Promise<() => Promise<void>> {
  const mirror = mirrorOf(runtime);
  if (mirror === null) {
    await takeDown(runtime);
    return async () => undefined;
  }
  await setUp(runtime, mirror);
  let [stopped, quietUntil] = [false, 0];
  const round = async () => {
    if (stopped || performance.now() < quietUntil) return;
    while (!stopped && (await writeDue(runtime, mirror)) > 0);
    if (!stopped) await sweep(runtime, mirror);
  };
  let busy: Promise<unknown> = Promise.resolve();
  let waiting = false;
  const timer = setInterval(() => {
    if (waiting) return;
    waiting = true;
    busy = round()
      .catch((error: unknown) => {
        quietUntil = performance.now() + LOOK_AFTER_FAILURE_MS;
        runtime.log.warn({ err: error }, 'could not write to the Firestore mirror');
      })
      .finally(() => {
        waiting = false;
      });
  }, LOOK_MS).unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await busy;
  };
}
