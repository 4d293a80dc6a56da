import type { Secret } from '#core/secrets.ts';

/** How a person signs in at a vendor (OAuth 2.0, RFC 6749: authorization code with PKCE, RFC 7636). */
export interface OAuth<Credentials> {
  /** What we ask for. */
  readonly scopes: readonly string[];
  /** Where a person agrees, and where codes become tokens. `baseUrl` is that of the connection when it is not the vendor's own. */
  endpoints(baseUrl: string | undefined): { readonly authorize: string; readonly token: string };
  /** Our app there, out of the credentials. */
  client(credentials: Credentials): { readonly id: string; readonly secret: Secret };
  /** Further parameters of the address where a person agrees. */
  readonly parameters?: (credentials: Credentials) => Readonly<Record<string, string>>;
}

/** What the vendor gave us. Times are moments. */
export interface Tokens {
  readonly access: string;
  readonly accessExpiresAt: Date | null;
  /** Null: the vendor gave none, the sign-in ends with the access token. */
  readonly refresh: string | null;
  /** Null: no end is known. */
  readonly refreshExpiresAt: Date | null;
  readonly scopes: string | null;
}

/** The access token of a connection, whoever renews it. */
export interface TokenSource {
  /** One that is still good by its clock. @throws CredentialsRejected when a person must sign in (again), VendorUnavailable */
  current(): Promise<Secret>;
  /** Another than this one, which the vendor did not take. @throws as above */
  renew(stale: Secret): Promise<Secret>;
}
