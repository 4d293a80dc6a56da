import type { Transaction } from '#core/database/database.ts';
import type { FieldFault } from '#core/errors.ts';
import type { Spoken } from '#core/language.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Html } from './html.ts';

/**
 * A client who looks at their page, by a signed link and without an account. `clientId` comes out of the link and is the only client that may be
 * read or written: every statement of a part says `company_id = $1 and client_id = $2`.
 */
export interface PortalVisit {
  readonly runtime: Runtime;
  readonly companyId: string;
  readonly clientId: string;
  readonly personId: string;
  /** Name of the client's person; may be empty. */
  readonly name: string;
  readonly company: { readonly name: string; readonly timeZone: string };
  /** In which the page speaks: theirs, else the browser's, else the company's. */
  readonly language: Spoken;
  readonly now: Date;
  /** Address of this part: `/portal/<word>/invoices`. Its pages and posts are below. */
  readonly at: string;
  /** What was typed into a form that was refused, by field, and what is wrong with it; both empty otherwise. */
  readonly typed: Readonly<Record<string, string>>;
  readonly faults: readonly FieldFault[];
  /** Names this drawing of the page: a form sends it along, so that two clicks are one act. */
  readonly once: string;
  /** Whence, for evidence. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A file that a client sent, whole. `type` is what its first bytes say. */
export interface PortalUpload {
  readonly field: string;
  readonly name: string;
  readonly bytes: Buffer;
}

/** What a form sent: texts by field (of a field given twice the last), and files. */
export interface PortalSent {
  /** Below the part: `` for its own page, `0198…` for one of its things. */
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly PortalUpload[];
}

export interface PortalPage {
  readonly title: string;
  readonly body: Html;
}

/** `bytes` is asked for after the transaction, so that drawing a PDF holds none open. */
export interface PortalFile {
  readonly filename: string;
  readonly contentType: string;
  bytes(): Promise<Buffer>;
  /** Shown in the browser instead of saved; PDFs and pictures only. */
  readonly inline?: boolean;
}

/** After an act: the sentence to show, by its key in `says`, and the page of this part to go to. Default: where it was sent from. */
export interface PortalDone {
  readonly says: string;
  readonly path?: string;
}

/** What one module shows a client, and lets them do. Nothing here knows the page around it. */
export interface PortalPart {
  /** In the address, lower case: `invoices`. */
  readonly name: string;
  title(language: Spoken): string;
  /** Parts stand in this order on the page, lowest first. */
  readonly place: number;
  /** What stands on the first page under the title. Null: nothing for this client, and the title is not shown either. Reads only. */
  front(tx: Transaction, visit: PortalVisit): Promise<Html | null>;
  /** `GET <at>/<path>`: a page or a file of this client; null: there is none. Reads only, whoever looks. */
  open?(tx: Transaction, visit: PortalVisit, path: string): Promise<PortalPage | PortalFile | null>;
  /**
   * By the name of the button (`do`). In one transaction, once for each drawing of the form. AppErrors are shown above the form again, with what was typed; the words of an
   * InvalidInput as they are (write them in the visit's language), of others only to who reads English.
   */
  readonly acts?: Readonly<Record<string, (tx: Transaction, visit: PortalVisit, sent: PortalSent) => Promise<PortalDone>>>;
  /** Sentences for what was done. */
  says?(language: Spoken): Readonly<Record<string, string>>;
}
