import { z } from 'zod';

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'is a colour such as #3b57cf');

/** What all documents of a company look like. */
export const Brand = z.object({
  accent: colour.default('#3b57cf').describe('Headings’ marks, buttons and the first series of charts'),
  font: z.enum(['sans', 'serif']).default('sans').describe('Of headings in pages and decks; PDFs are set in Inter'),
  paper: z.enum(['a4', 'letter']).default('a4'),
  footer: z.string().max(300).default('').describe('Under every page'),
});
export type Brand = z.output<typeof Brand>;

/** The brand as it is drawn with: with the company's name and logo. */
export interface Look extends Brand {
  readonly companyName: string;
  readonly logo: string | null; // SHA-256 of one of document_pictures
}

/** Colours of a page, by the ground that they stand on. */
export interface Shades {
  readonly accent: string;
  /** What is written on the accent. */
  readonly onAccent: string;
  readonly series: readonly string[];
}

const LIGHT_GROUND = '#ffffff';
const DARK_GROUND = '#15171c';
/** Told apart by people who are colour-blind, and apart in lightness (after Okabe and Ito, 2008). */
const SERIES = ['#0f9d8a', '#d9731a', '#8a63d2', '#c2417a', '#7a7f8c'] as const;

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const hexOf = (rgb: readonly number[]): string => `#${rgb.map((part) => Math.round(Math.min(255, Math.max(0, part))).toString(16).padStart(2, '0')).join('')}`; // prettier-ignore

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = channels(hex).map((part) =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, contrast ratio: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** Mixed with black or white until it can be read on the ground. */
export function legible(hex: string, ground: string, least: number): string {
  const toward = luminance(ground) > 0.4 ? 0 : 255;
  let found = hex;
  for (let step = 1; step <= 20 && contrast(found, ground) < least; step += 1) found = hexOf(channels(hex).map((part) => part + ((toward - part) * step) / 20)); // prettier-ignore
  return found;
}

function shadesOn(ground: string, accent: string): Shades {
  const shown = legible(accent, ground, 4.5);
  return {
    accent: shown,
    onAccent: contrast('#ffffff', shown) >= contrast('#111318', shown) ? '#ffffff' : '#111318',
    series: [shown, ...SERIES.map((hex) => legible(hex, ground, 3))],
  };
}

export const lightShades = (brand: Brand): Shades => shadesOn(LIGHT_GROUND, brand.accent);
export const darkShades = (brand: Brand): Shades => shadesOn(DARK_GROUND, brand.accent);

/** A colour with so much of white in it, 0 to 1: grounds in PDFs, which know no transparency here. */
export const tint = (hex: string, white: number): string => hexOf(channels(hex).map((part) => part + (255 - part) * white));
