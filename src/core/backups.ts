/** A backup as it lies in its directory. */
export interface StoredBackup {
  /** Name of its directory. */
  readonly name: string;
  readonly takenAt: Date;
  readonly reason: string;
  /** Host and data directory where it was taken. */
  readonly from: string | null;
  readonly serverVersion: string;
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  /** Read back and compared last; at the earliest when it was made. */
  readonly verifiedAt: Date;
  /** Restored as a whole into a PostgreSQL of its own last. */
  readonly drilledAt: Date | null;
  /** What was found wrong with it since. */
  readonly error: string | null;
}

/** What a restore into a PostgreSQL of its own showed. */
export interface Drilled {
  readonly rows: number;
  readonly tables: number;
  readonly ms: number;
}

/** Backups of this installation, as a process with the data directory at hand keeps them. `into` null: the data directory's own. */
export interface Backups {
  /** Reads it back before it counts. Answers its directory. */
  take(reason: string, into: string | null): Promise<string>;
  /** Newest first. Those that are not finished are left out. */
  list(into: string | null): Promise<StoredBackup[]>;
  /** @throws NotFound; Misconfigured naming what is damaged */
  verify(name: string, into: string | null): Promise<StoredBackup>;
  /** Restores it elsewhere, compares every row, brings the copy up to date, and throws it away. */
  drill(name: string, into: string | null): Promise<Drilled>;
  remove(name: string, into: string | null): Promise<void>;
  /** Free bytes where they go. */
  room(into: string | null): Promise<number>;
  /** Steward starts anew and restores this one first; what the database holds is lost. @throws Unavailable nobody would start it anew */
  restore(name: string, into: string | null): Promise<void>;
}
