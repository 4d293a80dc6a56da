/** One request to a vendor, without what was in it. */
export interface RequestNote {
  /** Of HTTP; `MAIL` for a mail by SMTP. */
  readonly method: string;
  readonly path: string;
  /** Null: no answer came, or the protocol has none. */
  readonly status: number | null;
  /** Milliseconds. */
  readonly ms: number;
  readonly error: string | null;
}

/** Takes notes and costs its caller nothing. */
export interface RequestLog {
  note(entry: RequestNote): void;
}

const ADDRESS = /[^\s/<>"'(),;:]+(?:@|%40)[^\s/<>"'(),;:]+/gi;
const NUMBER = /(?:\+|%2B)\d{6,}/gi;
const LONGEST = 300;

/** A text without addresses of people and telephone numbers. */
export function withoutPeople(text: string): string {
  return text.replace(ADDRESS, '[address]').replace(NUMBER, '[number]').slice(0, LONGEST);
}
