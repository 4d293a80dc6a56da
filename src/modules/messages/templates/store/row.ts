import type { Compiled } from '../source/compile.ts';
import type { Source } from '../source/source.ts';

/** A file that goes with a message: stored once, named by whoever adds it. */
export interface Attachment {
  readonly attachmentId: string; // template_files.id
  readonly filename: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** A file that is made of what a message is about, when it leaves. */
export interface SubjectAttachment {
  readonly subject: { readonly type: string; readonly id: string };
  readonly filename: string;
  readonly contentType: string;
}

/** A file of the person whom the message goes to, read when it leaves. */
export interface PersonAttachment {
  readonly fileId: string; // person_files.id
  readonly filename: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** What goes with a message. */
export type MessageFile = Attachment | SubjectAttachment | PersonAttachment;

/** A further language of a version: as it was written, and ready to be drawn. */
export interface StoredVariant extends Compiled {
  readonly source: Source;
}
