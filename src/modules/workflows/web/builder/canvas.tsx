import '@xyflow/react/dist/base.css';
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  ViewportPortal,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { useBuilder } from './context.tsx';
import { laneKey, moveStep, type Place } from './definition.ts';
import { buttonAt, labelAt, layout, nearestPlace, pathOf, type Drawing, type Item } from './layout.ts';
import { SlotCard } from './slot-card.tsx';
import { StartCard, StepCard } from './step-card.tsx';

type Box = Node<{ item: Item; target: Place | null }>;

/** The definition as a drawing that can be taken hold of. The drawing follows from the definition, never the other way round. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Drawn />
    </ReactFlowProvider>
  );
}

const sameplace = (a: Place | null | undefined, b: Place | null | undefined): boolean =>
  a !== null && b !== null && a !== undefined && b !== undefined && laneKey(a.lane) === laneKey(b.lane) && a.index === b.index;

function Drawn() {
  const { definition, change, spot, show, may } = useBuilder();
  const drawing = useMemo(() => layout(definition), [definition]);
  const [held, setHeld] = useState<{ id: string; x: number; y: number; target: Place | null } | null>(null);
  const nodes = useMemo(
    () =>
      drawing.items.map((item): Box => {
        const mine = held?.id === item.key;
        return {
          id: item.key,
          type: item.kind,
          position: mine ? { x: held.x, y: held.y } : { x: item.x, y: item.y },
          width: item.width,
          height: item.height,
          measured: { width: item.width, height: item.height },
          draggable: item.kind === 'step' && may,
          selectable: false,
          focusable: false,
          // The library lets the pointer through to what is neither dragged nor selected.
          ...(item.kind === 'start' || item.kind === 'slot' ? { style: { pointerEvents: 'all' as const } } : {}),
          zIndex: mine ? 10 : item.kind === 'frame' ? -1 : 0,
          data: { item, target: held?.target ?? null },
        };
      }),
    [drawing, held, may],
  );
  useFollow(drawing, spot);
  return (
    <ReactFlow<Box>
      nodes={nodes}
      edges={[]}
      nodeTypes={types}
      onNodesChange={(changes) => {
        for (const one of changes) {
          if (one.type !== 'position' || one.position === undefined || one.dragging !== true) continue;
          const { x, y } = one.position;
          const box = drawing.items.find((item) => item.key === one.id);
          if (box === undefined) continue;
          setHeld({ id: one.id, x, y, target: nearestPlace(drawing, { x: x + box.width / 2, y: y + box.height / 2 }) });
        }
      }}
      onNodeDragStop={(_event, node) => {
        if (held !== null && held.target !== null) change(moveStep(definition, node.id, held.target));
        setHeld(null);
      }}
      onPaneClick={() => show(null)}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      panActivationKeyCode={null}
      panOnScroll
      zoomOnDoubleClick={false}
      nodeDragThreshold={6}
      minZoom={0.2}
      maxZoom={1.5}
      defaultViewport={{ x: 0, y: 32, zoom: 1 }}
      proOptions={{ hideAttribution: true }}
      aria-label="Steps of the workflow"
      className="bg-canvas"
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--line-strong)" />
      <Lines drawing={drawing} target={held?.target ?? null} />
      <Tools drawing={drawing} />
      <MiniMap
        pannable
        position="bottom-left"
        className="!hidden overflow-hidden rounded-lg border !bg-panel shadow-raise 2xl:!block"
        maskColor="var(--hover)"
        nodeColor={(node) => (node.type === 'step' || node.type === 'start' ? 'var(--line-strong)' : 'transparent')}
        nodeBorderRadius={12}
        ariaLabel="The whole workflow, small"
      />
    </ReactFlow>
  );
}

/** In the middle at first, and still there when the form takes room beside it; later whatever has the focus comes into sight. */
function useFollow(drawing: Drawing, spot: string): void {
  const flow = useReactFlow();
  const box = useStore((state) => state.domNode);
  const [width, setWidth] = useState(0);
  const before = useRef(0);
  useEffect(() => {
    if (box === null) return;
    const watch = new ResizeObserver(() => setWidth(box.clientWidth));
    watch.observe(box);
    return () => watch.disconnect();
  }, [box]);
  useEffect(() => {
    if (box === null || width === 0) return;
    const { height } = box.getBoundingClientRect();
    const first = before.current === 0;
    const shift = first ? 0 : (width - before.current) / 2;
    before.current = width;
    if (first) {
      const start = drawing.items.find((one) => one.kind === 'start');
      const zoom = Math.min(1, Math.max(0.7, (width - 48) / drawing.width));
      const middle = start === undefined ? drawing.width / 2 : start.x + start.width / 2;
      void flow.setViewport({ x: width / 2 - middle * zoom, y: 36, zoom });
      return;
    }
    const { x, y, zoom } = flow.getViewport();
    const item = drawing.items.find((one) => one.key === spot);
    if (item === undefined) return;
    const [left, top] = [item.x * zoom + x + shift, item.y * zoom + y];
    const [right, bottom] = [left + item.width * zoom, top + item.height * zoom];
    const dx = left < 24 ? 24 - left : right > width - 24 ? width - 24 - right : 0;
    const dy = top < 24 ? 24 - top : bottom > height - 64 ? height - 64 - bottom : 0;
    if (shift + dx !== 0 || dy !== 0) void flow.setViewport({ x: x + shift + dx, y: y + dy, zoom }, { duration: 160 });
  }, [box, width, drawing, spot, flow]);
}

const Lines = memo(function Lines({ drawing, target }: { drawing: Drawing; target: Place | null }) {
  const { ask, may } = useBuilder();
  return (
    <ViewportPortal>
      <svg aria-hidden className="pointer-events-none absolute top-0 left-0 overflow-visible" width={1} height={1}>
        {drawing.lines.map((line) => (
          <path key={line.key} d={pathOf(line)} fill="none" stroke="var(--line-strong)" strokeWidth={1.5} />
        ))}
      </svg>
      {drawing.lines.map((line) => {
        if (line.label === undefined) return null;
        const at = labelAt(line);
        return (
          <span
            key={line.key}
            style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
            className="pointer-events-none absolute top-0 left-0 max-w-56 truncate rounded-full border bg-panel px-2 text-2xs leading-5 font-medium text-ink-2"
          >
            {line.label}
          </span>
        );
      })}
      {may
        ? drawing.lines.map((line) => {
            if (line.insert === undefined) return null;
            const at = buttonAt(line);
            const place = line.insert;
            const wanted = sameplace(target, place);
            return (
              <button
                key={line.key}
                type="button"
                tabIndex={-1}
                aria-label={`Add a step here (${laneKey(place.lane)} ${place.index})`}
                onClick={() => ask(place)}
                style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
                className={cn(
                  'nopan nodrag pointer-events-auto absolute top-0 left-0 flex size-5 items-center justify-center rounded-full border bg-panel text-ink-3 transition-[color,background-color,scale] hover:scale-125 hover:border-accent hover:bg-accent hover:text-on-accent',
                  wanted && 'scale-150 border-accent bg-accent text-on-accent',
                )}
              >
                <Plus className="size-3" />
              </button>
            );
          })
        : null}
    </ViewportPortal>
  );
});

function Tools({ drawing }: { drawing: Drawing }) {
  const flow = useReactFlow();
  return (
    <div className="absolute right-3 bottom-3 z-10 flex gap-1 rounded-lg border bg-panel p-1 shadow-raise">
      <Button kind="quiet" size="icon" aria-label="Smaller" onClick={() => void flow.zoomOut({ duration: 120 })}>
        <Minus />
      </Button>
      <Button kind="quiet" size="icon" aria-label="Larger" onClick={() => void flow.zoomIn({ duration: 120 })}>
        <Plus />
      </Button>
      <Button
        kind="quiet"
        size="icon"
        aria-label="Show all of it"
        onClick={() => void flow.fitBounds({ x: 0, y: 0, width: drawing.width, height: drawing.height }, { padding: 0.1, duration: 200 })}
      >
        <Maximize />
      </Button>
    </div>
  );
}

const StepBox = ({ data }: NodeProps<Box>) => (data.item.step === undefined ? null : <StepCard step={data.item.step} />);
const StartBox = () => <StartCard />;
const JoinBox = () => <span className="block size-2 rounded-full bg-line-strong" />;
const EndBox = () => <span className="flex h-7 items-center justify-center rounded-full border bg-panel text-xs text-ink-3">Done</span>;
const FrameBox = () => <span className="block size-full rounded-2xl border border-dashed border-line-strong bg-sunken" />;

const SlotBox = ({ data }: NodeProps<Box>) =>
  data.item.place === undefined ? null : (
    <SlotCard spotKey={data.item.key} place={data.item.place} wanted={sameplace(data.target, data.item.place)} />
  );

const types = { step: StepBox, start: StartBox, join: JoinBox, end: EndBox, frame: FrameBox, slot: SlotBox };
