import type { ClientConfig } from 'pg';

/** The three database roles, by what they are for. Each is a login of its own: no session ever changes role. */
export const ROLE_NAMES = { owner: 'steward_owner', app: 'steward_app', system: 'steward_system' } as const;

export type RoleKind = keyof typeof ROLE_NAMES;

export const ROLE_KINDS: readonly RoleKind[] = ['owner', 'app', 'system'];

/** Where the database is and how each role logs in. */
export interface DatabaseTarget {
  /** Host name, or an absolute directory that holds the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly ssl: ClientConfig['ssl'];
  /** No password on the embedded server's private socket: who may enter its directory may enter the database. */
  readonly passwords: Readonly<Record<RoleKind, string | undefined>>;
  /** Settings of each session: `-c name=value`. */
  readonly options?: string;
}

/** @param purpose shown in pg_stat_activity, e.g. `steward web` */
export function clientConfig(target: DatabaseTarget, role: RoleKind, purpose: string): ClientConfig {
  return {
    host: target.host,
    port: target.port,
    database: target.database,
    ssl: target.ssl,
    user: ROLE_NAMES[role],
    password: target.passwords[role],
    application_name: purpose,
    ...(target.options === undefined ? {} : { options: target.options }),
    keepAlive: true,
  };
}
