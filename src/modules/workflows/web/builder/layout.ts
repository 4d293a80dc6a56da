import { armsOf, endsHere, laneKey, ROOT, type Definition, type Lane, type Place, type Step } from './definition.ts';

export const WIDTH = 264;
export const HEIGHT = 66;
const START_HEIGHT = 66;
const SLOT_HEIGHT = 40;
const JOIN = 8;
/** Between two steps: room for the line and its button. */
const GAP = 44;
/** Below a head and above a join: room for the lines to part and meet. */
const FORK = 78;
const MEET = 40;
const COLUMN = 40;
const FRAME = 20;

export interface Item {
  readonly kind: 'start' | 'step' | 'slot' | 'join' | 'end' | 'frame';
  /** The step's id; or, with a colon that no id has: `:start`, `slot:<lane>`, `join:<id>`, `frame:<id>`, `:end`. */
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly step?: Step;
  readonly place?: Place;
}

export interface Line {
  readonly key: string;
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  /** Where a sideways line turns. */
  readonly turn: number;
  /** Name of the way, at its beginning. */
  readonly label?: string;
  /** A step can be put in here. */
  readonly insert?: Place;
}

export interface Drawing {
  readonly items: readonly Item[];
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a way stands at its lower end; null: it has ended. */
type Exit = Point | null;

/** A part of the drawing that knows its size before it is drawn. `spine`: where the line enters, from its left edge. */
interface Piece {
  readonly width: number;
  readonly height: number;
  readonly spine: number;
  draw(x: number, y: number, out: Out): Exit;
}

interface Out {
  readonly items: Item[];
  readonly lines: Line[];
}

/** A definition from top to bottom: ways side by side, loops in a frame. The same definition is always drawn the same. */
export function layout(definition: Definition): Drawing {
  const out: Out = { items: [], lines: [] };
  const body = laneOf(definition.steps, ROOT);
  const spine = Math.max(body.spine, WIDTH / 2);
  out.items.push({ kind: 'start', key: ':start', x: spine - WIDTH / 2, y: 0, width: WIDTH, height: START_HEIGHT });
  const top = START_HEIGHT + GAP;
  const entry: Place | undefined = definition.steps.length > 0 ? { lane: ROOT, index: 0 } : undefined;
  out.lines.push(line(`${laneKey(ROOT)}:in`, { x: spine, y: START_HEIGHT }, { x: spine, y: top }, entry));
  const exit = body.draw(spine - body.spine, top, out);
  let height = top + body.height;
  if (exit !== null && definition.steps.length > 0) {
    const y = exit.y + GAP;
    out.lines.push(line(`${laneKey(ROOT)}:out`, exit, { x: exit.x, y }, { lane: ROOT, index: definition.steps.length }));
    out.items.push({ kind: 'end', key: ':end', x: exit.x - 36, y, width: 72, height: 28 });
    height = y + 28;
  }
  const width = Math.max(...out.items.map((item) => item.x + item.width));
  return { ...out, width, height };
}

function line(key: string, from: Point, to: Point, insert: Place | undefined, label?: string, turn = (from.y + to.y) / 2): Line {
  return { key, from, to, turn, ...(label === undefined ? {} : { label }), ...(insert === undefined ? {} : { insert }) };
}

function laneOf(steps: readonly Step[], lane: Lane): Piece {
  if (steps.length === 0) return slotOf(lane);
  const pieces = steps.map((step, i) => pieceOf(step, i < steps.length - 1));
  const spine = Math.max(...pieces.map((piece) => piece.spine));
  const width = spine + Math.max(...pieces.map((piece) => piece.width - piece.spine));
  const height = pieces.reduce((sum, piece) => sum + piece.height, 0) + GAP * (pieces.length - 1);
  return {
    width,
    height,
    spine,
    draw(x, y, out) {
      let top = y;
      let exit: Exit = null;
      for (const [index, piece] of pieces.entries()) {
        if (index > 0 && exit !== null) out.lines.push(line(`${laneKey(lane)}:${index}`, exit, { x: x + spine, y: top }, { lane, index }));
        exit = piece.draw(x + spine - piece.spine, top, out);
        top += piece.height + GAP;
      }
      return exit;
    },
  };
}

function slotOf(lane: Lane): Piece {
  return {
    width: WIDTH,
    height: SLOT_HEIGHT,
    spine: WIDTH / 2,
    draw(x, y, out) {
      out.items.push({
        kind: 'slot',
        key: `slot:${laneKey(lane)}`,
        x,
        y,
        width: WIDTH,
        height: SLOT_HEIGHT,
        place: { lane, index: 0 },
      });
      return { x: x + WIDTH / 2, y: y + SLOT_HEIGHT };
    },
  };
}

/** `followed`: something comes after it, so that it is drawn as coming to an end even where no run gets there. */
function pieceOf(step: Step, followed: boolean): Piece {
  const arms = armsOf(step);
  if (arms.length === 0) return plain(step, followed);
  return step.type === 'loop' || step.body !== undefined ? framed(step) : forked(step, followed);
}

function head(step: Step, x: number, y: number, out: Out): Point {
  out.items.push({ kind: 'step', key: step.id, x, y, width: WIDTH, height: HEIGHT, step });
  return { x: x + WIDTH / 2, y: y + HEIGHT };
}

function plain(step: Step, followed: boolean): Piece {
  return {
    width: WIDTH,
    height: HEIGHT,
    spine: WIDTH / 2,
    draw(x, y, out) {
      const exit = head(step, x, y, out);
      return endsHere(step) && !followed ? null : exit;
    },
  };
}

function forked(step: Step, followed: boolean): Piece {
  const arms = armsOf(step).map((arm) => ({ ...arm, lane: { parent: step.id, arm: arm.arm } }));
  const pieces = arms.map((arm) => laneOf(arm.steps, arm.lane));
  const offsets: number[] = [];
  let right = 0;
  for (const piece of pieces) {
    offsets.push(right);
    right += piece.width + COLUMN;
  }
  const inner = right - COLUMN;
  const spines = pieces.map((piece, i) => (offsets[i] ?? 0) + piece.spine);
  const middle = ((spines[0] ?? 0) + (spines.at(-1) ?? 0)) / 2;
  // The head may be wider than the ways below it.
  const shift = Math.max(0, WIDTH / 2 - middle);
  const spine = middle + shift;
  const width = Math.max(inner + shift, spine + WIDTH / 2);
  const tallest = Math.max(...pieces.map((piece) => piece.height));
  const open = followed || !endsHere(step);
  const height = HEIGHT + FORK + tallest + (open ? MEET + JOIN : 0);
  return {
    width,
    height,
    spine,
    draw(x, y, out) {
      const from = head(step, x + spine - WIDTH / 2, y, out);
      const top = y + HEIGHT + FORK;
      const foot = top + tallest + MEET;
      const meet = { x: x + spine, y: foot };
      for (const [i, piece] of pieces.entries()) {
        const arm = arms[i];
        if (arm === undefined) continue;
        const left = x + shift + (offsets[i] ?? 0);
        const place = arm.steps.length === 0 ? undefined : { lane: arm.lane, index: 0 };
        const key = laneKey(arm.lane);
        out.lines.push(line(`${key}:in`, from, { x: left + piece.spine, y: top }, place, arm.title, from.y + 18));
        const exit = piece.draw(left, top, out);
        if (exit === null || !open) continue;
        const after = arm.steps.length === 0 ? undefined : { lane: arm.lane, index: arm.steps.length };
        out.lines.push(line(`${key}:out`, exit, meet, after, undefined, foot - 14));
      }
      if (!open) return null;
      out.items.push({ kind: 'join', key: `join:${step.id}`, x: meet.x - JOIN / 2, y: meet.y, width: JOIN, height: JOIN });
      return { x: meet.x, y: meet.y + JOIN };
    },
  };
}

function framed(step: Step): Piece {
  const lane: Lane = { parent: step.id, arm: 'body' };
  const steps = step.body ?? [];
  const inner = laneOf(steps, lane);
  const width = inner.width + FRAME * 2;
  const spine = inner.spine + FRAME;
  const depth = GAP + inner.height + FRAME + 8;
  return {
    width,
    height: HEIGHT + depth,
    spine,
    draw(x, y, out) {
      const from = { x: x + spine, y: y + HEIGHT };
      out.items.push({ kind: 'frame', key: `frame:${step.id}`, x, y: y + HEIGHT / 2, width, height: HEIGHT / 2 + depth });
      head(step, x + spine - WIDTH / 2, y, out);
      const top = y + HEIGHT + GAP;
      const place = steps.length === 0 ? undefined : { lane, index: 0 };
      out.lines.push(line(`${laneKey(lane)}:in`, from, { x: from.x, y: top }, place));
      const exit = inner.draw(x + FRAME, top, out);
      const bottom = { x: from.x, y: y + HEIGHT + depth };
      if (exit !== null)
        out.lines.push(line(`${laneKey(lane)}:out`, exit, bottom, steps.length === 0 ? undefined : { lane, index: steps.length }));
      return bottom;
    },
  };
}

/** A line as an SVG path: straight down, or with two rounded corners. */
export function pathOf({ from, to, turn }: Line): string {
  const dx = to.x - from.x;
  if (Math.abs(dx) < 1) return `M${from.x} ${from.y}V${to.y}`;
  const side = Math.sign(dx);
  const r = Math.min(10, Math.abs(dx) / 2, turn - from.y, to.y - turn);
  return `M${from.x} ${from.y}V${turn - r}Q${from.x} ${turn} ${from.x + side * r} ${turn}H${to.x - side * r}Q${to.x} ${turn} ${to.x} ${turn + r}V${to.y}`;
}

/** Where the button of a line sits: on its upright part at the way's own side. */
export function buttonAt({ from, to, turn, label }: Line): Point {
  // Below the name of the way, where it has one.
  if (Math.abs(to.x - from.x) < 1) return { x: to.x, y: label === undefined ? (from.y + to.y) / 2 : to.y - 16 };
  // A way that leaves its head is entered below the turn; one that meets others is left above it.
  return turn - from.y < to.y - turn ? { x: to.x, y: to.y - 16 } : { x: from.x, y: (from.y + turn) / 2 };
}

/** Where the name of a way stands. */
export function labelAt({ to, turn }: Line): Point {
  return { x: to.x, y: turn + 16 };
}

/** The place nearest to a point, within `reach`; for a step that is dragged. */
export function nearestPlace(drawing: Drawing, point: Point, reach = 120): Place | null {
  const spots = [
    ...drawing.lines.flatMap((one) => (one.insert === undefined ? [] : [{ place: one.insert, at: buttonAt(one) }])),
    ...drawing.items.flatMap((item) =>
      item.place === undefined ? [] : [{ place: item.place, at: { x: item.x + item.width / 2, y: item.y + item.height / 2 } }],
    ),
  ];
  let best: Place | null = null;
  let least = reach;
  for (const { place, at } of spots) {
    const distance = Math.hypot(at.x - point.x, at.y - point.y);
    if (distance >= least) continue;
    least = distance;
    best = place;
  }
  return best;
}
