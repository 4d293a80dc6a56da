import { INK_2, type Sheet } from '#core/pdf/sheet.ts';
import { wrap } from '#core/pdf/fonts.ts';
import type { Buyer, Seller } from '../parties.ts';
import type { Words } from './words.ts';

export const LEFT = 56;
export const BOTTOM = 96;
export const SIZE = 9;
export const ROW = SIZE * 1.45;

/** Who writes to whom. */
export interface Letter {
  readonly seller: Seller;
  readonly buyer: Buyer;
  readonly logo: Buffer | null;
}

/** Logo, addresses for a window envelope, and what is to be known at a glance beside them. */
export function letterHead(
  sheet: Sheet,
  { seller, buyer, logo }: Letter,
  facts: readonly (readonly [string, string])[],
  right: number,
): void {
  if (logo !== null) sheet.picture(logo, seller.name ?? '', { x: right - 170, y: 40, width: 170, height: 60 });
  else sheet.tagged('P', () => sheet.text(seller.name ?? '', right, 58, { weight: 'bold', size: 13, align: 'right' }));
  const sender = [seller.name, seller.line1, [seller.postcode, seller.city].filter(Boolean).join(' ')].filter(Boolean).join(' · ');
  sheet.tagged('P', () => sheet.text(fit(sender, 7, 270), LEFT, 132, { size: 7, color: INK_2 }));
  sheet.rule(LEFT, 144, 240);
  sheet.tagged('P', () =>
    addressOf(buyer, seller).forEach((line, i) => sheet.text(fit(line, 10, 260), LEFT, 152 + i * 14.5, { size: 10 })),
  );
  sheet.tagged('P', () =>
    facts.forEach(([label, value], i) => {
      sheet.text(label, right - 210, 152 + i * 14.5, { color: INK_2 });
      sheet.text(fit(value, SIZE, 130), right, 152 + i * 14.5, { align: 'right' });
    }),
  );
}

/** What does not fit on one line ends in dots. */
export function fit(text: string, size: number, width: number): string {
  const [first = '', ...rest] = wrap(text, 'regular', size, width);
  return rest.length === 0 ? first : `${first} …`;
}

function addressOf(buyer: Buyer, seller: Seller): string[] {
  const { name, contact, line1, line2, postcode, city, region, country } = buyer;
  const american = country === 'US';
  const place = american
    ? [city, [region, postcode].filter(Boolean).join(' ')].filter(Boolean).join(', ')
    : [postcode, city].filter(Boolean).join(' ');
  const abroad =
    country != null && country !== seller.country ? new Intl.DisplayNames('en', { type: 'region' }).of(country)?.toUpperCase() : null;
  return [name, contact, line1, line2, place, american ? null : region, abroad].filter(
    (line): line is string => line != null && line !== '',
  );
}

/** Who the company is, small, at the foot of each page. */
export function letterFoot(
  sheet: Sheet,
  { seller, footer }: { readonly seller: Seller; readonly footer: string },
  words: Words,
  page: number,
  right: number,
): void {
  const y = sheet.height - 66;
  const style = { size: 7, color: INK_2 } as const;
  const facts = [
    [seller.name, seller.line1, seller.line2, [seller.postcode, seller.city].filter(Boolean).join(' ')],
    [seller.email, seller.phone, seller.website],
    [seller.vatId == null ? null : `${words.vatId} ${seller.vatId}`, seller.taxNumber == null ? null : `${words.taxNumber} ${seller.taxNumber}`, seller.registration, footer], // prettier-ignore
  ];
  facts.forEach((column, i) => {
    const lines = column.filter((line): line is string => line != null && line !== '').flatMap((line) => wrap(line, 'regular', 7, 150));
    lines.slice(0, 4).forEach((line, at) => sheet.text(line, LEFT + i * 165, y + at * 10, style));
  });
  if (sheet.pages > 1) sheet.text(words.page(page, sheet.pages), right, sheet.height - 24, { ...style, align: 'right' });
}
