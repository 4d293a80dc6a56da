import type { Config } from '#core/config.ts';
import { joinCluster } from '#core/database/cluster.ts';
import { openExternal } from '#core/database/external.ts';
import type { DatabaseTarget } from '#core/database/target.ts';
import type { Log } from '#core/log.ts';
import { openSecrets } from '#core/secrets.ts';

export interface StorageOptions {
  /** Whether this process serves the web: one on an embedded database. */
  readonly web: boolean;
  readonly log: Log;
  /** Told when the embedded database is lost for good. */
  readonly onLost: (error: Error) => void;
}

/** @throws Misconfigured with the next step */
export async function locate(
  config: Config,
  options: StorageOptions,
  keys: readonly string[],
): Promise<{ target: DatabaseTarget; leave(): Promise<void> }> {
  if (config.DATABASE_URL === undefined) return joinCluster({ home: config.home, port: config.STEWARD_POSTGRES === 'port', ...options });
  const target = await openExternal(
    config.DATABASE_URL,
    keys.map((key) => openSecrets([key])),
  );
  return { target, leave: async () => undefined };
}
