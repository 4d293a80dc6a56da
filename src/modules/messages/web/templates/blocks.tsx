import {
  ArrowDown,
  ArrowUp,
  Code,
  Columns2,
  Copy,
  GripVertical,
  Heading,
  Image,
  Minus,
  MousePointerClick,
  MoveVertical,
  Plus,
  Puzzle,
  Text,
  Trash2,
} from 'lucide-react';
import { useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { BlockForm } from './block-form.tsx';
import { newBlock, newBlockId, type Block } from './content.ts';

export const KINDS: Record<Block['type'], { label: string; icon: ReactNode }> = {
  heading: { label: 'Heading', icon: <Heading /> },
  text: { label: 'Text', icon: <Text /> },
  button: { label: 'Button', icon: <MousePointerClick /> },
  image: { label: 'Image', icon: <Image /> },
  divider: { label: 'Divider', icon: <Minus /> },
  spacer: { label: 'Spacer', icon: <MoveVertical /> },
  columns: { label: 'Columns', icon: <Columns2 /> },
  snippet: { label: 'Snippet', icon: <Puzzle /> },
  html: { label: 'Raw HTML', icon: <Code /> },
};
const ALL = Object.keys(KINDS) as Block['type'][]; // the keys of the record above
const LEAVES = ALL.filter((type) => type !== 'columns');

interface Props<One extends Block> {
  blocks: readonly One[];
  /** `about`: what is changed, so that typing is one step back. */
  onChange: (blocks: One[], about?: string) => void;
  /** Ids of blocks that have a fault. */
  faulty: ReadonlySet<string>;
  inside?: boolean;
}

/** Blocks one under another: moved by the grip, by the arrows, or with Alt and an arrow key. */
export function BlockList<One extends Block>({ blocks, onChange, faulty, inside = false }: Props<One>) {
  const [held, setHeld] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const focus = (id: string) => requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-block="${id}"]`)?.focus());

  const move = (id: string, to: number) => {
    const from = blocks.findIndex((block) => block.id === id);
    const block = blocks[from];
    if (block === undefined || to < 0 || to >= blocks.length || to === from) return;
    const rest = blocks.filter((one) => one.id !== id);
    onChange([...rest.slice(0, to), block, ...rest.slice(to)]);
    focus(id);
  };
  const add = (type: Block['type'], at: number) => {
    const block = newBlock(type) as One; // inside columns only leaves are offered
    onChange([...blocks.slice(0, at), block, ...blocks.slice(at)]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-block="${block.id}"] :is(input,textarea,select)`)?.focus());
  };
  const drop = (event: DragEvent, at: number) => {
    event.preventDefault();
    event.stopPropagation();
    if (held !== null) move(held, at);
    setHeld(null);
    setOver(null);
  };

  return (
    <div>
      <ol ref={list} className="space-y-2" aria-label={inside ? 'Blocks of the column' : 'Blocks'}>
        {blocks.map((block, at) => (
          <li
            key={block.id}
            data-block={block.id}
            tabIndex={-1}
            aria-label={`${KINDS[block.type].label}, ${at + 1} of ${blocks.length}`}
            onDragOver={(event) => {
              if (held === null) return;
              event.preventDefault();
              setOver(block.id);
            }}
            onDrop={(event) => drop(event, at)}
            onKeyDown={(event: KeyboardEvent) => {
              if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
              event.preventDefault();
              event.stopPropagation();
              move(block.id, at + (event.key === 'ArrowUp' ? -1 : 1));
            }}
            className={cn(
              'group rounded-lg border bg-panel outline-none focus-visible:border-accent',
              faulty.has(block.id) && 'border-bad-dot',
              held === block.id && 'opacity-50',
              over === block.id && held !== null && held !== block.id && 'border-accent ring-1 ring-accent',
            )}
          >
            <div className="flex items-center gap-1 border-b px-1.5 py-1">
              <span
                draggable
                aria-hidden
                onDragStart={(event) => {
                  event.stopPropagation();
                  event.dataTransfer.effectAllowed = 'move';
                  event.dataTransfer.setData('text/plain', block.id);
                  setHeld(block.id);
                }}
                onDragEnd={() => {
                  setHeld(null);
                  setOver(null);
                }}
                className="cursor-grab rounded p-1 text-ink-3 hover:bg-hover [&_svg]:size-4"
              >
                <GripVertical />
              </span>
              <span className="flex min-w-0 flex-1 items-center gap-1.5 text-xs font-medium text-ink-2 [&_svg]:size-3.5 [&_svg]:text-ink-3">
                {KINDS[block.type].icon}
                {KINDS[block.type].label}
              </span>
              <Icon label="Move up" disabled={at === 0} onClick={() => move(block.id, at - 1)}>
                <ArrowUp />
              </Icon>
              <Icon label="Move down" disabled={at === blocks.length - 1} onClick={() => move(block.id, at + 1)}>
                <ArrowDown />
              </Icon>
              <Icon label="Duplicate" onClick={() => onChange([...blocks.slice(0, at + 1), copyOf(block), ...blocks.slice(at + 1)])}>
                <Copy />
              </Icon>
              <Icon label="Remove" onClick={() => onChange(blocks.filter((one) => one.id !== block.id))}>
                <Trash2 />
              </Icon>
            </div>
            <div className="p-3">
              {block.type === 'columns' ? (
                <ColumnsForm
                  block={block}
                  onChange={(next, about) =>
                    onChange(
                      // the block that was changed keeps its type
                      blocks.map((one) => (one.id === block.id ? (next as One) : one)),
                      about,
                    )
                  }
                  faulty={faulty}
                />
              ) : (
                <BlockForm
                  block={block}
                  onChange={(next) =>
                    onChange(
                      // as above
                      blocks.map((one) => (one.id === block.id ? (next as unknown as One) : one)),
                      block.id,
                    )
                  }
                />
              )}
            </div>
          </li>
        ))}
      </ol>
      <div className={blocks.length === 0 ? '' : 'mt-2'}>
        <Menu
          align="start"
          trigger={
            <Button size={inside ? 'sm' : 'md'} className="w-full border-dashed">
              <Plus /> Add a block
            </Button>
          }
        >
          {(inside ? LEAVES : ALL).map((type) => (
            <MenuItem key={type} icon={KINDS[type].icon} onSelect={() => add(type, blocks.length)}>
              {KINDS[type].label}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </div>
  );
}

function copyOf<One extends Block>(block: One): One {
  if (block.type !== 'columns') return { ...block, id: newBlockId() };
  return { ...block, id: newBlockId(), columns: block.columns.map((column) => column.map((leaf) => ({ ...leaf, id: newBlockId() }))) };
}

function Icon({ label, children, ...props }: { label: string; children: ReactNode; disabled?: boolean; onClick: () => void }) {
  return (
    <Button kind="quiet" size="icon" className="size-7" aria-label={label} title={label} {...props}>
      {children}
    </Button>
  );
}

type ColumnsBlock = Extract<Block, { type: 'columns' }>;

function ColumnsForm({
  block,
  onChange,
  faulty,
}: {
  block: ColumnsBlock;
  onChange: (block: ColumnsBlock, about?: string) => void;
  faulty: ReadonlySet<string>;
}) {
  const shape = block.columns.length === 3 ? 'three' : block.widths;
  const choose = (value: string) => {
    const columns =
      value === 'three'
        ? [...block.columns, []].slice(0, 3)
        : block.columns.length === 3
          ? [block.columns[0] ?? [], [...(block.columns[1] ?? []), ...(block.columns[2] ?? [])]]
          : block.columns;
    onChange({ ...block, columns, widths: value === 'left' || value === 'right' ? value : 'equal' });
  };
  return (
    <div className="space-y-3">
      <div role="group" aria-label="Shape of the columns" className="flex flex-wrap gap-1.5">
        {(
          [
            ['equal', 'Two alike'],
            ['left', 'Wide left'],
            ['right', 'Wide right'],
            ['three', 'Three'],
          ] as const
        ).map(([value, label]) => (
          <Button
            key={value}
            size="sm"
            aria-pressed={shape === value}
            kind={shape === value ? 'primary' : 'plain'}
            onClick={() => choose(value)}
          >
            {label}
          </Button>
        ))}
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        {block.columns.map((column, at) => (
          <div key={at} className="min-w-0 rounded-lg bg-sunken p-2">
            <BlockList
              inside
              blocks={column}
              faulty={faulty}
              onChange={(leaves, about) => onChange({ ...block, columns: block.columns.map((one, i) => (i === at ? leaves : one)) }, about)}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
