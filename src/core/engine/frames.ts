import type { CompiledStep } from './definition.ts';
import type { Frame } from './rows.ts';
import type { Facts, LoopView } from './types.ts';

/** The loop whose turn it is, unless it belongs to the run above. */
export function innermost(frames: readonly Frame[]): Frame | undefined {
  const frame = frames.at(-1);
  return frame?.above === true ? undefined : frame;
}

/** Those that still hold for this step: after a move to another step or version a loop may be behind the run. */
export function ownFrames(frames: Frame[], step: CompiledStep | undefined): Frame[] | null {
  return holding(frames, step === undefined ? [] : [...step.loops, step.node.id]);
}

/** Those of a run that a person sends to this step: a loop begins anew. */
export function framesAt(frames: Frame[] | null, step: CompiledStep): Frame[] | null {
  return frames === null ? null : holding(frames, step.loops);
}

function holding(frames: Frame[], loops: readonly string[]): Frame[] | null {
  if (frames.every((frame) => frame.above || loops.includes(frame.loop))) return frames;
  const left = frames.filter((frame) => frame.above || loops.includes(frame.loop));
  return left.length === 0 ? null : left;
}

/** `2.0`: the turn of each loop, outermost first. `atLoop`: the run stands at the innermost one itself, outside its turns. */
export function turnOf(frames: readonly Frame[] | null, atLoop: boolean): string {
  if (frames === null) return '';
  return (atLoop ? frames.slice(0, -1) : frames).map((frame) => frame.index).join('.');
}

export function loopOf(frames: readonly Frame[]): LoopView | null {
  let view: LoopView | null = null;
  for (const { list, index } of frames) view = { item: list[index] ?? null, index, count: list.length, outer: view };
  return view;
}

/** Puts the outputs of a turn away under the loop; those that are left are answered, so that no turn sees those of the one before. */
export function turned(frame: Frame, outputs: Facts, ids: readonly string[]): Facts {
  const inside = new Set(ids);
  const entries = Object.entries(outputs);
  if (frame.results !== null) {
    const result: Facts = Object.fromEntries(entries.filter(([id]) => inside.has(id)));
    if (frame.error !== null) result['error'] = frame.error;
    frame.bytes += JSON.stringify(result).length;
    frame.results.push(result);
  }
  frame.error = null;
  return Object.fromEntries(entries.filter(([id]) => !inside.has(id)));
}
