import type { Brand } from './brand.ts';

/** Colours of a page, by the ground that they stand on. */
export interface Shades {
  readonly accent: string;
  /** What is written on the accent. */
  readonly onAccent: string;
  readonly series: readonly string[];
}

/** The least kind of the grounds that a brand stands on: panels are lighter in the light, and darker in the dark. */
const LIGHT_GROUND = '#f1f3f7';
const DARK_GROUND = '#1c1f28';
/** WCAG 2.2, 1.4.3 and 1.4.11. */
const TEXT = 4.5;
const AREA = 3;
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
function legible(hex: string, ground: string, least: number): string {
  const toward = luminance(ground) > 0.4 ? 0 : 255;
  let found = hex;
  for (let step = 1; step <= 20 && contrast(found, ground) < least; step += 1) found = hexOf(channels(hex).map((part) => part + ((toward - part) * step) / 20)); // prettier-ignore
  return found;
}

function shadesOn(ground: string, accent: string): Shades {
  const shown = legible(accent, ground, TEXT);
  return {
    accent: shown,
    onAccent: contrast('#ffffff', shown) >= contrast('#111318', shown) ? '#ffffff' : '#111318',
    series: [shown, ...SERIES.map((hex) => legible(hex, ground, AREA))],
  };
}

export const lightShades = ({ accent }: Pick<Brand, 'accent'>): Shades => shadesOn(LIGHT_GROUND, accent);
export const darkShades = ({ accent }: Pick<Brand, 'accent'>): Shades => shadesOn(DARK_GROUND, accent);

/** A colour with so much of white in it, 0 to 1: grounds in PDFs, which know no transparency here. */
export const tint = (hex: string, white: number): string => hexOf(channels(hex).map((part) => part + (255 - part) * white));
/** A colour with so much of black in it, 0 to 1. */
export const shade = (hex: string, black: number): string => hexOf(channels(hex).map((part) => part * (1 - black)));
