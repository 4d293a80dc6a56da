/** A request as a vendor reads it. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came: JSON or a form. */
  readonly body: string;
}

export interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text goes as it is, anything else as JSON. */
  readonly body: unknown;
}

/** What a vendor writes down. It outlives what is killed, so its count is the truth. */
export interface Book {
  /** A message went out, to this address or number. */
  deliver(to: string): void;
  /** The same message again under its idempotency key: answered from memory. */
  again(): void;
  /** Somebody asked if a message went out; it did. */
  found(): void;
  /** Milliseconds, of the wall's clock. */
  now(): number;
  /** 0 to 1, seeded. */
  random(): number;
}

/** One vendor's paths, with what it remembers between requests. What they look like is held to the vendor's published contract by vendors.test.ts. */
export interface ProvenVendor {
  readonly connector: string;
  readonly channel: 'email' | 'sms';
  /** What the form of the connection is given. */
  readonly credentials: Readonly<Record<string, unknown>>;
  /** Of vendors that a person signs in to: what the page there sends back, out of the address that leads to it. */
  readonly agree?: (authorizeUrl: string) => { readonly code: string; readonly state: string };
  /** Is this request a message? Those, and only those, get lost on their way now and then. */
  sends(asked: Asked): boolean;
  /** A new one, which remembers nothing. */
  open(book: Book): (asked: Asked) => Said;
}

/** A JSON body's object; an empty one for anything else. */
export function jsonOf(body: string): Record<string, unknown> {
  const value: unknown = JSON.parse(body === '' ? '{}' : body);
  return Object(value) as Record<string, unknown>; // Object() of what JSON holds
}

/** The text at this path of an object, or ''. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);
  return typeof found === 'string' ? found : '';
}
