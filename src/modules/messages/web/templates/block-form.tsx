import { Bold, Italic, Link2, List } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useRead } from '#web/kit/query.ts';
import type { Leaf } from './content.ts';
import { ImageDrop } from './image-drop.tsx';
import { InsertName } from './insert-name.tsx';

interface Props<One extends Leaf = Leaf> {
  block: One;
  onChange: (block: Leaf) => void;
}

/** The fields of one block. */
export function BlockForm({ block, onChange }: Props) {
  switch (block.type) {
    case 'heading':
      return (
        <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_6rem_6rem]">
          <Words label="Heading" value={block.text} onChange={(text) => onChange({ ...block, text })} />
          <Field label="Size">
            {(control) => (
              <Select {...control} value={block.level} onChange={(event) => onChange({ ...block, level: Number(event.target.value) })}>
                <option value={1}>Large</option>
                <option value={2}>Middle</option>
                <option value={3}>Small</option>
              </Select>
            )}
          </Field>
          <Align block={block} onChange={onChange} />
        </div>
      );
    case 'text':
      return <TextForm block={block} onChange={onChange} />;
    case 'button':
      return (
        <div className="grid gap-3 sm:grid-cols-[1fr_1fr_auto]">
          <Words label="Label" value={block.label} onChange={(label) => onChange({ ...block, label })} />
          <Words label="Leads to" value={block.url} placeholder="https://" onChange={(url) => onChange({ ...block, url })} />
          <Align block={block} onChange={onChange} />
        </div>
      );
    case 'image':
      return (
        <div className="space-y-3">
          <ImageDrop block={block} onChange={onChange} />
          <div className="grid gap-3 sm:grid-cols-2">
            <Field
              label="In words"
              hint={
                block.src !== '' && block.alt.trim() === '' ? 'Many inboxes show these words first: say what the picture shows.' : undefined
              }
            >
              {(control) => (
                <Input
                  {...control}
                  value={block.alt}
                  placeholder="What it shows"
                  onChange={(event) => onChange({ ...block, alt: event.target.value })}
                />
              )}
            </Field>
            <Words label="A click leads to" value={block.url} placeholder="Nowhere" onChange={(url) => onChange({ ...block, url })} />
            <Field
              label="Width, pixels"
              hint={block.picture === undefined ? undefined : `It is ${block.picture.width} by ${block.picture.height} itself.`}
            >
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={16}
                  max={600}
                  value={block.width}
                  onChange={(event) => onChange({ ...block, width: within(event.target.value, 16, 600) })}
                />
              )}
            </Field>
            <Align block={block} onChange={onChange} />
          </div>
        </div>
      );
    case 'divider':
      return <p className="text-xs text-ink-3">A thin line.</p>;
    case 'spacer':
      return (
        <Field label="Height, pixels" className="max-w-40">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={4}
              max={120}
              value={block.height}
              onChange={(event) => onChange({ ...block, height: within(event.target.value, 4, 120) })}
            />
          )}
        </Field>
      );
    case 'snippet':
      return <SnippetForm block={block} onChange={onChange} />;
    case 'html':
      return (
        <Field label="HTML" hint="As it is. The preview runs no scripts; mail programs run none either.">
          {(control) => (
            <Textarea
              {...control}
              rows={6}
              spellCheck={false}
              className="font-mono sm:text-xs"
              value={block.html}
              onChange={(event) => onChange({ ...block, html: event.target.value })}
            />
          )}
        </Field>
      );
  }
}

function within(text: string, least: number, most: number): number {
  const value = Math.round(Number(text));
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : least;
}

function Words({
  label,
  value,
  placeholder,
  onChange,
}: {
  label: string;
  value: string;
  placeholder?: string;
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      {(control) => <Input {...control} value={value} placeholder={placeholder} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

type Aligned = Extract<Leaf, { align: string }>;

function Align({ block, onChange }: Props<Aligned>) {
  return (
    <Field label="Stands">
      {(control) => (
        <Select
          {...control}
          value={block.align}
          onChange={(event) => onChange({ ...block, align: event.target.value as Aligned['align'] }) /* one of the options below */}
        >
          <option value="left">Left</option>
          <option value="center">Middle</option>
          <option value="right">Right</option>
        </Select>
      )}
    </Field>
  );
}

type TextBlock = Extract<Leaf, { type: 'text' }>;

function TextForm({ block, onChange }: Props<TextBlock>) {
  const area = useRef<HTMLTextAreaElement>(null);
  /** Puts marks around what is selected, and keeps it selected. */
  const wrap = (before: string, after: string, otherwise: string) => {
    const at = area.current;
    if (at === null) return;
    const { selectionStart: from, selectionEnd: to, value } = at;
    const inner = value.slice(from, to) || otherwise;
    onChange({ ...block, text: `${value.slice(0, from)}${before}${inner}${after}${value.slice(to)}` });
    requestAnimationFrame(() => {
      at.focus();
      at.setSelectionRange(from + before.length, from + before.length + inner.length);
    });
  };
  const tools = [
    ['Bold', <Bold key="b" />, () => wrap('**', '**', 'bold')],
    ['Italic', <Italic key="i" />, () => wrap('*', '*', 'italic')],
    ['Link', <Link2 key="l" />, () => wrap('[', '](https://)', 'label')],
    ['List', <List key="u" />, () => wrap('\n- ', '', 'first')],
  ] as const;
  return (
    <div className="space-y-1.5">
      <div className="flex flex-wrap items-center gap-1" role="toolbar" aria-label="Marks">
        {tools.map(([label, icon, act]) => (
          <Button key={label} kind="quiet" size="icon" className="size-7" aria-label={label} title={label} onClick={act}>
            {icon}
          </Button>
        ))}
        <InsertName onInsert={(piece) => wrap('', '', piece)} />
        <span className="flex-1" />
        <Select
          aria-label="Stands"
          className="w-28"
          value={block.align}
          onChange={(event) => onChange({ ...block, align: event.target.value as TextBlock['align'] }) /* one of the options below */}
        >
          <option value="left">Left</option>
          <option value="center">Middle</option>
          <option value="right">Right</option>
        </Select>
      </div>
      <Textarea
        ref={area}
        aria-label="Text"
        rows={Math.min(14, Math.max(4, block.text.split('\n').length + 1))}
        value={block.text}
        placeholder="Write here. An empty line begins a paragraph."
        onChange={(event) => onChange({ ...block, text: event.target.value })}
      />
    </div>
  );
}

function SnippetForm({ block, onChange }: Props<Extract<Leaf, { type: 'snippet' }>>) {
  const snippets = useRead('snippets.list', {});
  const items = snippets.data?.items ?? [];
  return (
    <Field
      label="Snippet"
      hint={items.length === 0 && !snippets.isPending ? 'There are none yet: write one under Settings → Templates → Snippets.' : undefined}
    >
      {(control) => (
        <Select {...control} value={block.key} onChange={(event) => onChange({ ...block, key: event.target.value })}>
          <option value="">Choose one</option>
          {items.map((one) => (
            <option key={one.key} value={one.key}>
              {one.title}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
