/** Measured values over time, in a few bytes each: a million rows are 16 MB. */
export class Series {
  /** Unix seconds. */
  times = new Float64Array(1_024);
  /** Milliwatts. */
  values = new Float64Array(1_024);
  length = 0;
  #sorted = true;

  add(time: number, value: number): void {
    if (this.length === this.times.length) {
      this.times = grown(this.times);
      this.values = grown(this.values);
    }
    if (this.length > 0 && time <= (this.times[this.length - 1] ?? 0)) this.#sorted = false;
    this.times[this.length] = time;
    this.values[this.length] = value;
    this.length += 1;
  }

  /** In the order of time; of two at the same moment the later line counts. Answers how many were such. */
  settle(): number {
    const { length } = this;
    if (this.#sorted) return 0;
    const order = Uint32Array.from({ length }, (_, i) => i).toSorted((a, b) => at(this.times, a) - at(this.times, b) || a - b);
    const times = new Float64Array(length);
    const values = new Float64Array(length);
    let kept = 0;
    for (const i of order) {
      const time = at(this.times, i);
      if (kept > 0 && times[kept - 1] === time) kept -= 1;
      times[kept] = time;
      values[kept] = at(this.values, i);
      kept += 1;
    }
    [this.times, this.values, this.length] = [times, values, kept];
    this.#sorted = true;
    return length - kept;
  }
}

/** A place that is inside; 0 only satisfies the compiler. */
export const at = (array: ArrayLike<number>, i: number): number => array[i] ?? 0;

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
