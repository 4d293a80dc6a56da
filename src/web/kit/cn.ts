import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** Class names; the later one wins where two say the same thing. */
export function cn(...classes: ClassValue[]): string {
  return twMerge(clsx(classes));
}
