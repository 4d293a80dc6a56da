import type { Font } from '#modules/brand/public.ts';
import type { ChartData } from '../charts/chart.ts';
import type { Inline, Paragraph } from './markdown.ts';

/** A table as it is shown: texts, aligned by what their column holds. */
export interface ShownTable {
  readonly title: string;
  readonly head: readonly {
    readonly text: string;
    readonly right: boolean;
    /** Days and numbers do not break. */ readonly tight: boolean;
  }[];
  readonly rows: readonly (readonly string[])[];
  readonly totals: readonly string[] | null;
  /** Rows that are left out. */
  readonly more: number;
}

/** A price table as it is shown; `totalCents` is what is accepted. */
export interface ShownPrices {
  readonly lines: readonly {
    readonly description: string;
    readonly quantity: string;
    readonly price: string;
    readonly amount: string;
    readonly optional: boolean;
  }[];
  readonly sums: readonly { readonly label: string; readonly amount: string; readonly strong: boolean }[];
  readonly totalCents: number;
}

/** A block with everything in it that was asked for: nothing is looked up, worked out or formatted any more. What is published is a list of these. */
export type Part =
  | { readonly type: 'heading'; readonly level: number; readonly text: readonly Inline[] }
  | { readonly type: 'text'; readonly paragraphs: readonly Paragraph[] }
  | { readonly type: 'figures'; readonly items: readonly { readonly label: string; readonly value: string; readonly note: string }[] }
  | { readonly type: 'table'; readonly table: ShownTable }
  | { readonly type: 'chart'; readonly chart: ChartData }
  | {
      readonly type: 'picture';
      readonly picture: string;
      readonly alt: string;
      readonly caption: string;
      readonly percent: number;
      /** Pixels. */
      readonly width: number;
      readonly height: number;
    }
  | { readonly type: 'prices'; readonly prices: ShownPrices }
  | { readonly type: 'quote'; readonly text: readonly Inline[]; readonly by: string }
  | { readonly type: 'advice'; readonly says: string; readonly because: string; readonly rule: string }
  | { readonly type: 'divider' | 'break' }
  | { readonly type: 'signature'; readonly label: string; readonly name: string }
  | { readonly type: 'notes'; readonly text: string };

export type PartOf<Type extends Part['type']> = Extract<Part, { type: Type }>;

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A document as every face of it is drawn: page, PDF, deck, slides. Kept whole when it is published, so that it stays what was shown. */
export interface Content {
  readonly title: string;
  /** Under the title: for whom, and when. */
  readonly lead: string;
  readonly language: Language;
  readonly look: {
    readonly accent: string;
    readonly font: Font;
    readonly paper: 'a4' | 'letter';
    readonly footer: string;
    readonly companyName: string;
    readonly logo: string | null;
  };
  readonly parts: readonly Part[];
  /** Dates in files: the same content is the same bytes. ISO. */
  readonly at: string;
}

/** Of a proposal: what is agreed to in cents; null where nothing is offered. */
export function totalOf(content: Content): number | null {
  const offered = content.parts.filter((part) => part.type === 'prices');
  return offered.length === 0 ? null : offered.reduce((sum, { prices }) => sum + prices.totalCents, 0);
}
