/** Where reading of a mailbox stands: every mail up to this uid was handled. UIDs mean nothing under another UIDVALIDITY (RFC 9051, 2.3.1.1). */
export interface Cursor {
  readonly uidValidity: string;
  readonly uid: number;
}

export function formatCursor({ uidValidity, uid }: Cursor): string {
  return `${uidValidity}:${uid}`;
}

/** Null for no cursor, and for text that is none: reading then starts anew, and what was read already is known by its Message-ID. */
export function parseCursor(text: string | null): Cursor | null {
  const match = /^(\d{1,20}):(\d{1,10})$/.exec(text ?? '');
  return match?.[1] === undefined || match[2] === undefined ? null : { uidValidity: match[1], uid: Number(match[2]) };
}
