import { systemClock } from '#core/clock.ts';
import type { Config } from '#core/config.ts';
import { openLog } from '#core/log.ts';
import { bootstrapAdmin } from '#modules/accounts/public.ts';
import { compose, type Steward } from '../compose.ts';
import { newOperatorToken } from '../operator-file.ts';
import { openStorage } from '../storage.ts';

/** Steward opened for one command: nothing listens, no work is taken up. */
export interface OpenedSteward {
  readonly http: Steward['http'];
  readonly operatorToken: string;
  close(): Promise<void>;
}

/** On a home without a company, STEWARD_ADMIN_EMAIL and STEWARD_ADMIN_PASSWORD make the first one. */
export async function openInProcess(config: Config): Promise<OpenedSteward> {
  // A command's stderr is for its reader: no notices there unless asked for.
  const log = openLog(config.LOG_LEVEL === 'info' ? 'error' : config.LOG_LEVEL);
  const storage = await openStorage(config, { web: false, log, onLost: (error) => log.error({ err: error }, 'the database is lost') });
  try {
    const operatorToken = newOperatorToken();
    const { secrets, database, system, seat, backups } = storage;
    const steward = await compose({ config, clock: systemClock, log, secrets, database, system, seat, operatorToken, backups });
    await bootstrapAdmin(steward.runtime);
    await steward.http.ready();
    return {
      http: steward.http,
      operatorToken,
      async close() {
        await steward.stop();
        await storage.close();
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}
