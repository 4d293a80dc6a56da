/** What is poor about a row, as bits of sync_links.flags. Stale and duplicate are seen over all rows (quality.ts). */
export const MISSING = 1;
export const MALFORMED = 2;
export const OUTLIER = 4;
