/** Prints figures as people compare them: medians of rounds, and ratios of rounds that ran next to each other. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function title(name: string, how: string): void {
  console.log(`\n${name}  (${how})`);
}

export function row(name: string, rounds: readonly { readonly perSecond: number; readonly p50: number; readonly p99: number }[]): void {
  const middle = (pick: (figures: { readonly perSecond: number; readonly p50: number; readonly p99: number }) => number) =>
    median(rounds.map(pick));
  console.log(
    `  ${name.padEnd(26)} ${middle((f) => f.perSecond)
      .toFixed(0)
      .padStart(7)}/s   p50 ${middle((f) => f.p50)} ms   p99 ${middle((f) => f.p99)} ms`,
  );
}
