import type { Subject } from './plan.ts';

/** A list of which nothing is missing: in a dry run, further rows of one person are not compared tag by tag. */
class Everything extends Array<string> {
  override includes(): boolean {
    return true;
  }
}

const FLAGS = [
  'hasLead',
  'optedOut',
  'named',
  'hasPhone',
  'hasOrganisation',
  'hasNotes',
  'hasOwner',
  'hasLanguage',
  'hasTimeZone',
  'hasConsent',
] as const;

/**
 * Who was met further up in a file that is only counted: 52 bits of hash and ten flags a person, about 60 bytes, so that a
 * million rows fit. Two of a million keys share a hash in one of ten thousand files.
 */
export class Seen {
  readonly #byKey = new Map<number, number>();
  #flags = new Uint16Array(1_024);
  #size = 0;
  #near = new Map<number, Subject>();

  find(key: string): Subject | undefined {
    const index = this.#byKey.get(hash(key));
    if (index === undefined) return undefined;
    const known = this.#near.get(index);
    if (known !== undefined) return known;
    const flags = this.#flags[index] ?? 0;
    const subject: Subject = {
      personId: String(index), fresh: false, hasLead: false, optedOut: false, named: false, hasPhone: false, hasOrganisation: false, hasNotes: false,
      hasOwner: false, hasLanguage: false, hasTimeZone: false, hasConsent: false, emails: [key.slice(2)], phones: new Everything(), tags: new Everything(),
      custom: new Everything(),
    }; // prettier-ignore
    for (const [bit, name] of FLAGS.entries()) subject[name] = (flags & (1 << bit)) !== 0;
    this.#near.set(index, subject);
    return subject;
  }

  /** Keeps what a chunk came to, and forgets its objects. */
  keep(subjects: ReadonlyMap<string, Subject>): void {
    const indexes = new Map<Subject, number>([...this.#near].map(([index, subject]) => [subject, index]));
    for (const [key, subject] of subjects) {
      const index = indexes.get(subject) ?? this.#size++;
      indexes.set(subject, index);
      this.#byKey.set(hash(key), index);
    }
    if (this.#size > this.#flags.length) {
      const grown = new Uint16Array(Math.max(this.#size, this.#flags.length * 2));
      grown.set(this.#flags);
      this.#flags = grown;
    }
    for (const [subject, index] of indexes) {
      this.#flags[index] = FLAGS.reduce((flags, name, bit) => (subject[name] ? flags | (1 << bit) : flags), 0);
    }
    this.#near = new Map();
  }
}

/** Two FNV-1a of 32 bits with different beginnings, 52 bits of them. */
function hash(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 13;
  }
  return (a >>> 12) * 4_294_967_296 + (b >>> 0);
}
