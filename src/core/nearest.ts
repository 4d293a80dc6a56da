/** The known name that differs least, when it differs by little. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let best: { name: string; distance: number } | null = null;
  for (const one of known) {
    const distance = distanceOf(name, one);
    if (distance <= Math.max(2, Math.floor(name.length / 4)) && (best === null || distance < best.distance)) best = { name: one, distance };
  }
  return best?.name ?? null;
}

/** Levenshtein: letters to add, drop or change. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length] ?? 0;
}
