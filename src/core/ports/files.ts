/** A file that lies there. */
export interface StoredFile {
  readonly name: string;
  /** As stored. */
  readonly bytes: number;
}

/**
 * A place where files of ours lie: a folder, a bucket. Names are ours: letters, digits, `.`, `-`, `_`, with `/` between folders. Every call may be made twice.
 * Bytes come back as they were put there: what was changed on the way is VendorUnavailable.
 */
export interface FilesPort {
  /** In place of what has this name. */
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Null: there is no such file. */
  get(name: string): Promise<Buffer | null>;
  /** It is no longer there afterwards, whether it was or not. */
  remove(name: string): Promise<void>;
  /** By name, those that begin with it; a thousand at most. `next` goes into `after`; null: that was all. */
  list(prefix: string, after: string | null): Promise<{ readonly files: readonly StoredFile[]; readonly next: string | null }>;
}
