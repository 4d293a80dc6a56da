import { createHash } from 'node:crypto';
import type { Brand, Font } from './brand.ts';
import { darkShades, lightShades, shade, tint } from './colours.ts';

const SANS = "Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";

/** Letters that the reader's device has: a page loads none. Modern Font Stacks (CC0) names who has which. */
export const FAMILIES: Readonly<Record<Font, { readonly head: string; readonly body: string }>> = {
  sans: { head: SANS, body: SANS },
  serif: { head: "'Iowan Old Style','Palatino Linotype',Palatino,'URW Palladio L',P052,Georgia,'Times New Roman',serif", body: SANS },
  humanist: { head: "Seravek,'Gill Sans Nova',Ubuntu,Calibri,'DejaVu Sans',source-sans-pro,sans-serif", body: "Seravek,'Gill Sans Nova',Ubuntu,Calibri,'DejaVu Sans',source-sans-pro,sans-serif" },
  rounded: { head: "ui-rounded,'Hiragino Maru Gothic ProN',Quicksand,Comfortaa,Manjari,'Arial Rounded MT Bold',Nunito,Calibri,source-sans-pro,sans-serif", body: SANS },
}; // prettier-ignore

const PLAIN: Pick<Brand, 'accent' | 'font'> = { accent: '#3b57cf', font: 'sans' };

/** A style of our own, and the word that a policy allows it by. */
export interface NamedStyle {
  readonly css: string;
  readonly hash: string;
}

/**
 * What a brand changes on pages that have a look of their own (forms, the client's page): its colour where theirs stands, its letters. Null: nothing,
 * the brand is as everybody's in the beginning.
 */
export function accentStyle(brand: Pick<Brand, 'accent' | 'font'>): NamedStyle | null {
  if (brand.accent.toLowerCase() === PLAIN.accent && brand.font === PLAIN.font) return null;
  const [light, dark] = [lightShades(brand), darkShades(brand)];
  const { head, body } = FAMILIES[brand.font];
  const css = `:root{--accent:${light.accent};--on:${light.onAccent};--accent-ink:${light.accent};--accent-bg:${tint(light.accent, 0.92)}}
@media (prefers-color-scheme:dark){:root:not(.light){--accent:${dark.accent};--on:${dark.onAccent};--accent-ink:${dark.accent};--accent-bg:${shade(dark.accent, 0.82)}}}
body{font-family:${body}}h1,h2,h3{font-family:${head}}`;
  return { css, hash: `'sha256-${createHash('sha256').update(css).digest('base64')}'` };
}
