import type { Block } from './blocks.ts';

/** A page as it was published: nothing is looked up any more but the form, the brand and the bytes of pictures. */
export interface Content {
  readonly title: string;
  readonly description: string;
  readonly language: 'en' | 'de';
  readonly indexed: boolean;
  readonly blocks: readonly Block[];
  /** Pixels by SHA-256. */
  readonly sizes: Readonly<Record<string, { readonly width: number; readonly height: number }>>;
}
