import { ArrowDown, ArrowUp, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Field, Input, Select } from './field.tsx';
import { words } from './format.ts';

/** Blocks in their order, each with its fields; they are moved and taken away where they stand. */
export function BlockStack<Block extends { readonly id: string }>({
  blocks,
  nameOf,
  onChange,
  children,
}: {
  blocks: readonly Block[];
  nameOf: (block: Block) => string;
  onChange: (blocks: Block[]) => void;
  /** The fields of one block; null: it has none. */
  children: (block: Block, at: number, put: (block: Block) => void) => ReactNode;
}) {
  const move = (at: number, to: number) =>
    onChange(blocks.map((one, i) => (i === at ? (blocks[to] ?? one) : i === to ? (blocks[at] ?? one) : one)));
  return (
    <>
      {blocks.map((block, at) => {
        const name = nameOf(block);
        const fields = children(block, at, (next) => onChange(blocks.map((one, i) => (i === at ? next : one))));
        return (
          <article key={block.id} aria-label={name} className="rounded-xl border bg-panel shadow-raise">
            <header className="flex items-center gap-0.5 border-b px-3 py-1">
              <h2 className="flex-1 text-xs font-medium text-ink-2">{name}</h2>
              <Button kind="quiet" size="icon" aria-label={`Move ${name} up`} disabled={at === 0} onClick={() => move(at, at - 1)}>
                <ArrowUp />
              </Button>
              <Button
                kind="quiet"
                size="icon"
                aria-label={`Move ${name} down`}
                disabled={at === blocks.length - 1}
                onClick={() => move(at, at + 1)}
              >
                <ArrowDown />
              </Button>
              <Button kind="quiet" size="icon" aria-label={`Take ${name} away`} onClick={() => onChange(blocks.filter((_, i) => i !== at))}>
                <X />
              </Button>
            </header>
            {fields === null ? null : <div className="space-y-3 p-3">{fields}</div>}
          </article>
        );
      })}
    </>
  );
}

/** One line of text with its label. */
export function Line({
  label,
  value,
  onChange,
  type = 'text',
  hint,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: string;
  hint?: string;
}) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => <Input {...control} type={type} step="any" value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

let counter = 0;
/** A word for a new block, once in what it stands in. */
export const newBlockId = (): string => `n${Date.now().toString(36)}${(counter += 1)}`;

/** One of a few words of the schema. */
export function PickWord<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly Value[];
  onChange: (value: Value) => void;
}) {
  return (
    <Field label={label}>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(options.find((one) => one === event.target.value) ?? value)}>
          {options.map((one) => (
            <option key={one} value={one}>
              {one === '' ? '–' : /^[a-z]+$/.test(one) ? words(one) : one}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
