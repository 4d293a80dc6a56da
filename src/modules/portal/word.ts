import type { Secrets } from '#core/secrets.ts';
import { macFits, macOf, uuidBytes, uuidText } from '#core/signed-ids.ts';

const PURPOSE = 'client portal';
const MAC_BYTES = 16;
const BODY_BYTES = 40;

/** What a link to a client's page says. It stands in no table: generation and end decide whether it is good. */
export interface PortalWord {
  readonly companyId: string;
  readonly clientId: string;
  readonly generation: number;
  /** Last moment, whole seconds. */
  readonly until: Date;
}

/** Opaque to its reader; 128 bits of signature. */
export function signWord(secrets: Secrets, { companyId, clientId, generation, until }: PortalWord): string {
  const body = Buffer.alloc(BODY_BYTES);
  uuidBytes(companyId).copy(body, 0);
  uuidBytes(clientId).copy(body, 16);
  body.writeUInt32BE(generation, 32);
  body.writeUInt32BE(Math.floor(until.getTime() / 1_000), 36);
  return Buffer.concat([body, macOf(secrets, PURPOSE, body, MAC_BYTES)]).toString('base64url');
}

/** Null for anything that we did not sign. Whether it is still good is for `visitorOf` to say. */
export function readWord(secrets: Secrets, word: string): PortalWord | null {
  const bytes = Buffer.from(word, 'base64url');
  if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes.toString('base64url') !== word) return null;
  const body = bytes.subarray(0, BODY_BYTES);
  if (!macFits(secrets, PURPOSE, body, bytes.subarray(BODY_BYTES))) return null;
  return {
    companyId: uuidText(body.subarray(0, 16)),
    clientId: uuidText(body.subarray(16, 32)),
    generation: body.readUInt32BE(32),
    until: new Date(body.readUInt32BE(36) * 1_000),
  };
}
