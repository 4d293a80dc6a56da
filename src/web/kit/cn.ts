import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Knows our own sizes and shadows (styles.css), so that the later one wins there too. */
const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['2xs'] }], shadow: [{ shadow: ['raise', 'pop'] }] } },
});

/** Class names; the later one wins where two say the same thing. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
