/** Round steps from nothing up to the highest; `steps` or one more of them. */
export function ticksOf(highest: number, steps: number): number[] {
  const rough = highest / steps;
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-9, rough)));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: steps + 1 }, (_, times) => times * step).filter((tick) => tick <= highest * 1.02);
}
