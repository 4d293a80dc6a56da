import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'is a colour such as #3b57cf');
/** Where a link of a page may lead. */
const SAFE_ADDRESS = /^(?:https?:\/\/[^\s/]|mailto:[^\s@]+@|tel:\+?[0-9])/i;
export const FONTS = ['sans', 'serif', 'humanist', 'rounded'] as const;
export type Font = (typeof FONTS)[number];

export const BrandLink = z.object({
  label: z.string().trim().min(1).max(60),
  url: z.string().trim().max(500).regex(SAFE_ADDRESS, 'begins with https://, mailto: or tel:'),
});

/** What everything of a company looks like that others see. */
export const Brand = z.object({
  accent: colour.default('#3b57cf').describe('Buttons, links, headings’ marks and the first series of charts; mixed darker or lighter where it could not be read'),
  font: z.enum(FONTS).default('sans').describe('Of pages and decks; PDFs are set in Inter'),
  paper: z.enum(['a4', 'letter']).default('a4'),
  footer: z.string().max(300).default('').describe('Under every page: register, managing directors'),
  dark: z.boolean().default(true).describe('Landing pages are dark where the reader’s device is'),
  links: z.array(BrandLink).max(8).default([]).describe('In the foot of landing pages: imprint, privacy'),
}); // prettier-ignore
export type Brand = z.output<typeof Brand>;

/** The brand as it is drawn with: with the company's name and logo. */
export interface Look extends Brand {
  readonly companyName: string;
  readonly logo: string | null; // SHA-256 of one of company_pictures
}

export interface CompanyLook {
  readonly look: Look;
  readonly zone: string;
  readonly postalAddress: string | null;
  readonly website: string | null;
  readonly updatedAt: Date;
}

const LOAD: Statement = {
  name: 'brand.load',
  text: `select co.name as "companyName", coalesce(co.settings ->> 'time_zone', 'UTC') as zone, co.settings ->> 'postal_address' as "postalAddress", co.website,
           coalesce(b.look, '{}') as brand, b.logo, coalesce(b.updated_at, co.created_at) as "updatedAt"
           from companies co left join brands b on b.company_id = co.id where co.id = $1`,
};

interface Row extends Omit<CompanyLook, 'look'> {
  readonly companyName: string;
  readonly brand: object;
  readonly logo: string | null;
}

/** What a company looks like now. */
export async function loadLook(tx: Pick<Transaction, 'query'>, companyId: string): Promise<CompanyLook> {
  const [row] = await tx.query<Row>(LOAD, [companyId]);
  if (row === undefined) throw new Error('a company has a row');
  const { companyName, brand, logo, ...rest } = row;
  return { ...rest, look: { ...Brand.parse(brand), companyName, logo } };
}
