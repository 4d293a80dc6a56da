import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { call, type Output } from '#web/kit/api.ts';
import { base64Of } from '#web/kit/base64.ts';
import { BlockStack, Line, newBlockId, PickWord } from '#web/kit/block-stack.tsx';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Textarea } from '#web/kit/field.tsx';
import { digitsOf } from '#web/kit/money.ts';

type Document = Output<'documents.get'>;
export type Block = Document['blocks'][number];
type BlockOf<Type extends Block['type']> = Extract<Block, { type: Type }>;
type Data = Document['data'];

const NAMES: Record<Block['type'], string> = { heading: 'Heading', text: 'Text', figures: 'Figures', table: 'Table', chart: 'Chart', picture: 'Picture', prices: 'Prices', quote: 'Quote', advice: 'Advice', divider: 'Line', break: 'New page or slide', signature: 'Signature', notes: 'Notes of the speaker' }; // prettier-ignore
const MEASURES = ['sum', 'mean', 'median', 'min', 'max', 'count', 'last'] as const;
const CHARTS = ['line', 'band', 'bar', 'stacked', 'donut'] as const;
const GRAINS = ['none', 'day', 'week', 'month', 'year'] as const;

/** What a block begins with; null where something must be there first. */
function beginning(type: Block['type'], data: Data): Block | null {
  const id = newBlockId();
  const [set] = data;
  const numbers = set?.columns.filter(({ kind }) => kind === 'number') ?? [];
  switch (type) {
    case 'heading':
      return { id, type, text: 'Heading', level: 1 };
    case 'text':
      return { id, type, text: '' };
    case 'figures':
      return { id, type, items: [{ label: 'Label', value: '–', note: '', measure: 'sum', format: 'number' }] };
    case 'table':
      return set === undefined ? null : { id, type, title: '', data: set.name, columns: [], limit: 20, totals: false };
    case 'chart': {
      const [x, y] = [set?.columns.find(({ kind }) => kind !== 'number') ?? set?.columns[0], numbers[0]];
      if (set === undefined || x === undefined || y === undefined) return null;
      return { id, type, chart: x.kind === 'date' ? 'line' : 'bar', title: '', description: '', data: set.name, x: x.name, y: [y.name], grain: x.kind === 'date' ? 'month' : 'none', measure: 'sum', format: 'number' }; // prettier-ignore
    }
    case 'prices':
      return { id, type, lines: [{ description: '', quantity: 1, unit: '', unit_cents: 0, optional: false }], discount_percent: 0, tax_percent: 0, tax_label: 'VAT' }; // prettier-ignore
    case 'quote':
      return { id, type, text: '', by: '' };
    case 'advice':
      return { id, type, says: '', because: '', rule: '' };
    case 'signature':
      return { id, type, label: 'Place, date, signature', name: '' };
    case 'notes':
      return { id, type, text: '' };
    case 'divider':
    case 'break':
      return { id, type };
    case 'picture':
      return null;
  }
}

/** The blocks in their order; each is changed where it stands. */
interface BlockListProps {
  blocks: Block[];
  data: Data;
  currency: string;
  onChange: (blocks: Block[]) => void;
}

export function BlockList({ blocks, data, currency, onChange }: BlockListProps) {
  const addable = (Object.keys(NAMES) as Block['type'][]).filter((type) => beginning(type, data) !== null); // the keys of a literal are its type's
  const addPicture = async (file: File | undefined) => {
    if (file === undefined) return;
    const kept = await call('documents.add_picture', { content_base64: await base64Of(file) });
    onChange([...blocks, { id: newBlockId(), type: 'picture', picture: kept.picture, alt: '', caption: '', width: 100 }]);
  };
  return (
    <section aria-label="Blocks" className="space-y-3">
      <BlockStack blocks={blocks} nameOf={(block) => NAMES[block.type]} onChange={onChange}>
        {(block, _at, put) =>
          block.type === 'divider' || block.type === 'break' ? null : (
            <Fields block={block} data={data} currency={currency} onChange={put} />
          )
        }
      </BlockStack>
      <div className="flex flex-wrap gap-1.5">
        {addable.map((type) => (
          <Button key={type} size="sm" onClick={() => onChange([...blocks, beginning(type, data)].filter((one) => one !== null))}>
            <Plus /> {NAMES[type]}
          </Button>
        ))}
        <label className="inline-flex h-7 cursor-pointer items-center gap-1.5 rounded-md border border-line-strong bg-panel px-2 text-xs font-medium shadow-raise focus-within:outline-2 hover:bg-sunken">
          <Plus className="size-4" aria-hidden /> Picture
          <input
            type="file"
            accept="image/png,image/jpeg"
            className="sr-only"
            onChange={(event) => void addPicture(event.target.files?.[0])}
          />
        </label>
      </div>
    </section>
  );
}

function Fields({
  block,
  data,
  currency,
  onChange,
}: {
  block: Block;
  data: Data;
  currency: string;
  onChange: (block: Block) => void;
}): ReactNode {
  switch (block.type) {
    case 'heading':
      return (
        <div className="grid grid-cols-[1fr_6rem] gap-3">
          <Line label="Text" value={block.text} onChange={(text) => onChange({ ...block, text })} />
          <PickWord
            label="Size"
            value={String(block.level)}
            options={['1', '2', '3']}
            onChange={(level) => onChange({ ...block, level: Number(level) })}
          />
        </div>
      );
    case 'text':
    case 'notes':
      return (
        <Field
          label="Text"
          hint={
            block.type === 'text' ? '**bold**, *italic*, [label](https://…), - lists, {{ client.name }}' : 'Beside the slide, never on it.'
          }
        >
          {(control) => (
            <Textarea
              {...control}
              rows={block.type === 'text' ? 5 : 2}
              value={block.text}
              onChange={(event) => onChange({ ...block, text: event.target.value })}
            />
          )}
        </Field>
      );
    case 'quote':
      return (
        <>
          <Line label="What was said" value={block.text} onChange={(text) => onChange({ ...block, text })} />
          <Line label="By" value={block.by ?? ''} onChange={(by) => onChange({ ...block, by })} />
        </>
      );
    case 'advice':
      return (
        <>
          <Line label="What stands out" value={block.says} onChange={(says) => onChange({ ...block, says })} />
          <Line label="Why" value={block.because ?? ''} onChange={(because) => onChange({ ...block, because })} />
        </>
      );
    case 'signature':
      return (
        <div className="grid gap-3 sm:grid-cols-2">
          <Line label="Under the line" value={block.label ?? ''} onChange={(label) => onChange({ ...block, label })} />
          <Line label="Name" value={block.name ?? ''} onChange={(name) => onChange({ ...block, name })} />
        </div>
      );
    case 'picture':
      return (
        <>
          <Line label="What it shows" value={block.alt ?? ''} onChange={(alt) => onChange({ ...block, alt })} />
          <Line label="Caption" value={block.caption ?? ''} onChange={(caption) => onChange({ ...block, caption })} />
        </>
      );
    case 'figures':
      return <FigureFields block={block} data={data} onChange={onChange} />;
    case 'table':
      return (
        <>
          <Line label="Title" value={block.title ?? ''} onChange={(title) => onChange({ ...block, title })} />
          <div className="grid grid-cols-2 items-end gap-3">
            <Line
              label="Rows"
              type="number"
              value={String(block.limit)}
              onChange={(limit) => onChange({ ...block, limit: Math.max(1, Math.min(2_000, Number(limit) || 1)) })}
            />
            <Checkbox
              label="Totals"
              checked={block.totals === true}
              onCheckedChange={(on) => onChange({ ...block, totals: on === true })}
            />
          </div>
        </>
      );
    case 'chart':
      return <ChartFields block={block} data={data} onChange={onChange} />;
    case 'prices':
      return <PriceFields block={block} currency={currency} onChange={onChange} />;
    case 'divider':
    case 'break':
      return null;
  }
}

function ChartFields({ block, data, onChange }: { block: BlockOf<'chart'>; data: Data; onChange: (block: Block) => void }) {
  const columns = data.find((one) => one.name === block.data)?.columns ?? [];
  const numbers = columns.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  return (
    <>
      <Line label="Title" value={block.title ?? ''} onChange={(title) => onChange({ ...block, title })} />
      <div className="grid grid-cols-2 gap-3">
        <PickWord label="Chart" value={block.chart ?? 'bar'} options={CHARTS} onChange={(chart) => onChange({ ...block, chart })} />
        <PickWord label="Along" value={block.x} options={columns.map(({ name }) => name)} onChange={(x) => onChange({ ...block, x })} />
        <PickWord label="Values" value={block.y[0] ?? ''} options={numbers} onChange={(y) => onChange({ ...block, y: [y] })} />
        <PickWord label="One place is the" value={block.measure ?? 'sum'} options={MEASURES} onChange={(measure) => onChange({ ...block, measure })} />
        <PickWord label="Days together by" value={block.grain ?? 'none'} options={GRAINS} onChange={(grain) => onChange({ ...block, grain })} />
        <PickWord label="A series for each" value={block.by ?? ''} options={['', ...columns.filter(({ kind }) => kind === 'text').map(({ name }) => name)]} onChange={(by) => { const { by: _, ...rest } = block; onChange(by === '' ? rest : { ...rest, by }); }} />
      </div>
    </>
  ); // prettier-ignore
}

function FigureFields({ block, data, onChange }: { block: BlockOf<'figures'>; data: Data; onChange: (block: Block) => void }) {
  const put = (at: number, item: (typeof block.items)[number]) =>
    onChange({ ...block, items: block.items.map((one, i) => (i === at ? item : one)) });
  const [set] = data;
  const sources = ['', ...(set?.columns.filter(({ kind }) => kind === 'number').map(({ name }) => name) ?? [])];
  return (
    <>
      {block.items.map((item, at) => (
        <div key={at} className="grid grid-cols-2 gap-3 border-b pb-3 last-of-type:border-0 last-of-type:pb-0">
          <Line label="Label" value={item.label} onChange={(label) => put(at, { ...item, label })} />
          {item.column === undefined ? (
            <Line label="Value" value={item.value ?? ''} onChange={(value) => put(at, { ...item, value })} />
          ) : (
            <PickWord label="Is the" value={item.measure ?? 'sum'} options={MEASURES} onChange={(measure) => put(at, { ...item, measure })} />
          )}
          {set === undefined ? null : (
            <PickWord label="From" value={item.column ?? ''} options={sources} onChange={(column) => { const { data: _, column: __, ...rest } = item; put(at, column === '' ? rest : { ...rest, data: set.name, column }); }} />
          )}
          <Line label="Note" value={item.note ?? ''} onChange={(note) => put(at, { ...item, note })} />
        </div>
      ))}
      <div className="flex gap-2">
        <Button size="sm" disabled={block.items.length >= 8} onClick={() => onChange({ ...block, items: [...block.items, { label: 'Label', value: '–', note: '', measure: 'sum', format: 'number' }] })}>
          <Plus /> Figure
        </Button>
        <Button size="sm" kind="quiet" disabled={block.items.length < 2} onClick={() => onChange({ ...block, items: block.items.slice(0, -1) })}>
          Take the last away
        </Button>
      </div>
    </>
  ); // prettier-ignore
}

function PriceFields({ block, currency, onChange }: { block: BlockOf<'prices'>; currency: string; onChange: (block: Block) => void }) {
  const unit = 10 ** digitsOf(currency);
  const put = (at: number, line: (typeof block.lines)[number]) =>
    onChange({ ...block, lines: block.lines.map((one, i) => (i === at ? line : one)) });
  const within = (text: string, most: number) => Math.max(0, Math.min(most, Number(text) || 0));
  return (
    <>
      {block.lines.map((line, at) => (
        <div key={at} className="grid grid-cols-[1fr_1fr_auto] items-end gap-3 border-b pb-3">
          <div className="col-span-3">
            <Line label="Description" value={line.description} onChange={(description) => put(at, { ...line, description })} />
          </div>
          <Line label="Quantity" type="number" value={String(line.quantity ?? 1)} onChange={(text) => put(at, { ...line, quantity: within(text, 1_000_000) })} />
          <Line label={`Price of one, ${currency}`} type="number" value={String(line.unit_cents / unit)} onChange={(text) => put(at, { ...line, unit_cents: Math.round(Math.max(-1e9, Math.min(1e9, (Number(text) || 0) * unit))) })} />
          <Checkbox label="Optional" checked={line.optional === true} onCheckedChange={(on) => put(at, { ...line, optional: on === true })} />
        </div>
      ))}
      <div className="flex gap-2">
        <Button size="sm" onClick={() => onChange({ ...block, lines: [...block.lines, { description: '', quantity: 1, unit: '', unit_cents: 0, optional: false }] })}>
          <Plus /> Line
        </Button>
        <Button size="sm" kind="quiet" disabled={block.lines.length < 2} onClick={() => onChange({ ...block, lines: block.lines.slice(0, -1) })}>
          Take the last away
        </Button>
      </div>
      <div className="grid grid-cols-3 gap-3">
        <Line label="Discount, %" type="number" value={String(block.discount_percent ?? 0)} onChange={(text) => onChange({ ...block, discount_percent: within(text, 100) })} />
        <Line label="Tax, %" type="number" value={String(block.tax_percent ?? 0)} onChange={(text) => onChange({ ...block, tax_percent: within(text, 100) })} />
        <Line label="Called" value={block.tax_label ?? ''} onChange={(tax_label) => onChange({ ...block, tax_label })} />
      </div>
    </>
  ); // prettier-ignore
}
