export function up(count: number): number {
  count += 1;
  return count;
}
