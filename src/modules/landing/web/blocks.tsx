import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Output } from '#web/kit/api.ts';
import { BlockStack, Line, newBlockId, PickWord } from '#web/kit/block-stack.tsx';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Select, Textarea } from '#web/kit/field.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { PictureField } from './picture-field.tsx';

export type Block = Output<'landing.get'>['blocks'][number];
type BlockOf<Type extends Block['type']> = Extract<Block, { type: Type }>;
type Action = BlockOf<'call'>['action'];

const NAMES: Record<Block['type'], string> = { hero: 'Headline', text: 'Text', picture: 'Picture', features: 'Features', quotes: 'Quotes', prices: 'Prices', faq: 'Questions', steps: 'Steps', logos: 'Logos', form: 'Form', call: 'Call to action' }; // prettier-ignore
const MARKS = ['check', 'clock', 'shield', 'bolt', 'heart', 'phone', 'chart', 'star', 'pin', 'people', 'calendar', 'tools'] as const;
const ARTS = ['none', 'rings', 'waves', 'grid', 'dots'] as const;
/** What is chosen by its picture begins with one. */
const ADDABLE = ['hero', 'text', 'features', 'steps', 'quotes', 'prices', 'faq', 'form', 'call'] as const;

/** What a block begins with. */
function beginning(type: (typeof ADDABLE)[number], formId: string | null): Block {
  const id = newBlockId();
  switch (type) {
    case 'hero':
      return { id, type, eyebrow: '', title: 'Your headline', text: '', actions: [], note: '', picture: null, art: 'none' };
    case 'text':
      return { id, type, title: '', text: '' };
    case 'features':
      return { id, type, title: '', lead: '', items: [{ mark: 'check', title: 'A reason', text: '' }] };
    case 'steps':
      return { id, type, title: '', items: [{ title: 'The first step', text: '' }] };
    case 'quotes':
      return { id, type, title: '', items: [{ text: 'What somebody said', by: '', role: '' }] };
    case 'prices':
      return { id, type, title: '', lead: '', plans: [{ name: 'Name', price: '€0', per: '', text: '', points: [], action: null, best: false }], note: '' }; // prettier-ignore
    case 'faq':
      return { id, type, title: '', items: [{ question: 'A question', answer: '' }] };
    case 'form':
      return { id, type, title: '', text: '', points: [], form_id: formId };
    case 'call':
      return { id, type, title: 'Shall we begin?', text: '', action: { label: 'Get in touch', url: '#form' } };
  }
}

/** The blocks of a page; `faults` by their path: blocks.3. */
export function LandingBlocks({ blocks, onChange }: { blocks: Block[]; onChange: (blocks: Block[]) => void }) {
  const forms = useList('forms.list', { limit: 100 });
  const active = forms.rows.filter((form) => form.active);
  const hasForm = blocks.some(({ type }) => type === 'form');
  return (
    <section aria-label="Blocks" className="space-y-3">
      <BlockStack blocks={blocks} nameOf={(block) => NAMES[block.type]} onChange={onChange}>
        {(block, _at, put) => <Fields block={block} onChange={put} forms={active} />}
      </BlockStack>
      <div className="flex flex-wrap gap-1.5">
        {ADDABLE.filter((type) => type !== 'form' || !hasForm).map((type) => (
          <Button key={type} size="sm" onClick={() => onChange([...blocks, beginning(type, active[0]?.id ?? null)])}>
            <Plus /> {NAMES[type]}
          </Button>
        ))}
      </div>
      <AddPicture blocks={blocks} onChange={onChange} />
    </section>
  );
}

/** Pictures and rows of logos begin with a picture. */
function AddPicture({ blocks, onChange }: { blocks: Block[]; onChange: (blocks: Block[]) => void }) {
  return (
    <div className="flex flex-wrap gap-2">
      <PictureField picture={null} onChange={(picture) => picture !== null && onChange([...blocks, { id: newBlockId(), type: 'picture', picture, caption: '' }])} />
      <PictureField label="First logo" picture={null} onChange={(picture) => picture !== null && onChange([...blocks, { id: newBlockId(), type: 'logos', title: 'They work with us', pictures: [picture] }])} />
    </div>
  );
} // prettier-ignore

const Text = ({ label, value, onChange, rows = 3, hint }: { label: string; value: string; onChange: (value: string) => void; rows?: number; hint?: string }) => (
  <Field label={label} {...(hint === undefined ? {} : { hint })}>
    {(control) => <Textarea {...control} rows={rows} className="min-h-0" value={value} onChange={(event) => onChange(event.target.value)} />}
  </Field>
); // prettier-ignore

const MARKDOWN = '**bold**, *italic*, [label](https://…), - lists';

function Fields({ block, onChange, forms }: { block: Block; onChange: (block: Block) => void; forms: readonly { id: string; title: string }[] }): ReactNode {
  switch (block.type) {
    case 'hero':
      return (
        <>
          <Line label="Small line above" value={block.eyebrow} onChange={(eyebrow) => onChange({ ...block, eyebrow })} />
          <Line label="Headline" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Text label="Text" value={block.text} hint={MARKDOWN} onChange={(text) => onChange({ ...block, text })} />
          <Actions actions={block.actions} onChange={(actions) => onChange({ ...block, actions })} />
          <Line label="Under the buttons" value={block.note} onChange={(note) => onChange({ ...block, note })} />
          <PickWord label="Drawn behind" value={block.art} options={ARTS} onChange={(art) => onChange({ ...block, art })} />
          <PictureField picture={block.picture} onChange={(picture) => onChange({ ...block, picture })} />
        </>
      );
    case 'text':
      return (
        <>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Text label="Text" rows={7} hint={MARKDOWN} value={block.text} onChange={(text) => onChange({ ...block, text })} />
        </>
      );
    case 'picture':
      return (
        <>
          <PictureField picture={block.picture} onChange={(picture) => picture !== null && onChange({ ...block, picture })} />
          <Line label="Caption" value={block.caption} onChange={(caption) => onChange({ ...block, caption })} />
        </>
      );
    case 'features':
      return (
        <>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Line label="Under the title" value={block.lead} onChange={(lead) => onChange({ ...block, lead })} />
          <Items name="Feature" items={block.items} most={12} fresh={() => ({ mark: 'check' as const, title: 'A reason', text: '' })} onChange={(items) => onChange({ ...block, items })}>
            {(item, put) => (
              <>
                <div className="grid grid-cols-[7rem_1fr] gap-3">
                  <PickWord label="Mark" value={item.mark} options={MARKS} onChange={(mark) => put({ ...item, mark })} />
                  <Line label="Title" value={item.title} onChange={(title) => put({ ...item, title })} />
                </div>
                <Text label="Text" rows={2} value={item.text} onChange={(text) => put({ ...item, text })} />
              </>
            )}
          </Items>
        </>
      );
    case 'steps':
      return (
        <>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Items name="Step" items={block.items} most={8} fresh={() => ({ title: 'The next step', text: '' })} onChange={(items) => onChange({ ...block, items })}>
            {(item, put) => (
              <>
                <Line label="Title" value={item.title} onChange={(title) => put({ ...item, title })} />
                <Text label="Text" rows={2} value={item.text} onChange={(text) => put({ ...item, text })} />
              </>
            )}
          </Items>
        </>
      );
    case 'quotes':
      return (
        <>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Items name="Quote" items={block.items} most={6} fresh={() => ({ text: 'What somebody said', by: '', role: '' })} onChange={(items) => onChange({ ...block, items })}>
            {(item, put) => (
              <>
                <Text label="What was said" rows={2} value={item.text} onChange={(text) => put({ ...item, text })} />
                <div className="grid gap-3 sm:grid-cols-2">
                  <Line label="By" value={item.by} onChange={(by) => put({ ...item, by })} />
                  <Line label="Who that is" value={item.role} onChange={(role) => put({ ...item, role })} />
                </div>
              </>
            )}
          </Items>
        </>
      );
    case 'faq':
      return (
        <>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Items name="Question" items={block.items} most={30} fresh={() => ({ question: 'A question', answer: '' })} onChange={(items) => onChange({ ...block, items })}>
            {(item, put) => (
              <>
                <Line label="Question" value={item.question} onChange={(question) => put({ ...item, question })} />
                <Text label="Answer" rows={2} value={item.answer} onChange={(answer) => put({ ...item, answer })} />
              </>
            )}
          </Items>
        </>
      );
    case 'prices':
      return <PriceFields block={block} onChange={onChange} />;
    case 'logos':
      return (
        <>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          {block.pictures.map((one, at) => (
            <PictureField key={one.sizes[0]} picture={one} onChange={(next) => (next !== null || block.pictures.length > 1) && onChange({ ...block, pictures: block.pictures.flatMap((old, i) => (i === at ? (next === null ? [] : [next]) : [old])) })} />
          ))}
          {block.pictures.length < 12 ? <PictureField label="Further logo" picture={null} onChange={(picture) => picture !== null && onChange({ ...block, pictures: [...block.pictures, picture] })} /> : null}
        </>
      );
    case 'form':
      return (
        <>
          <Field label="Form" hint="Buttons that lead to #form bring visitors here.">
            {(control) => (
              <Select {...control} value={block.form_id ?? ''} onChange={(event) => onChange({ ...block, form_id: event.target.value === '' ? null : event.target.value })}>
                <option value="">Choose a form</option>
                {forms.map((form) => (
                  <option key={form.id} value={form.id}>
                    {form.title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Text label="Text" rows={2} value={block.text} onChange={(text) => onChange({ ...block, text })} />
          <Points points={block.points} most={6} onChange={(points) => onChange({ ...block, points })} />
        </>
      );
    case 'call':
      return (
        <>
          <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
          <Line label="Text" value={block.text} onChange={(text) => onChange({ ...block, text })} />
          <ActionFields action={block.action} onChange={(action) => onChange({ ...block, action })} />
        </>
      );
  }
} // prettier-ignore

function PriceFields({ block, onChange }: { block: BlockOf<'prices'>; onChange: (block: Block) => void }) {
  const fresh = () => ({ name: 'Name', price: '€0', per: '', text: '', points: [], action: null, best: false });
  return (
    <>
      <Line label="Title" value={block.title} onChange={(title) => onChange({ ...block, title })} />
      <Line label="Under the title" value={block.lead} onChange={(lead) => onChange({ ...block, lead })} />
      <Items name="Plan" items={block.plans} most={4} fresh={fresh} onChange={(plans) => onChange({ ...block, plans })}>
        {(item, put) => (
          <>
            <Line label="Name" value={item.name} onChange={(name) => put({ ...item, name })} />
            <div className="grid grid-cols-2 gap-3">
              <Line label="Price" value={item.price} onChange={(price) => put({ ...item, price })} />
              <Line label="Per" value={item.per} onChange={(per) => put({ ...item, per })} />
            </div>
            <Line label="Text" value={item.text} onChange={(text) => put({ ...item, text })} />
            <Points points={item.points} most={12} onChange={(points) => put({ ...item, points })} />
            {item.action === null ? (
              <Button size="sm" onClick={() => put({ ...item, action: { label: 'Choose', url: '#form' } })}>
                <Plus /> Button
              </Button>
            ) : (
              <ActionFields action={item.action} onChange={(action) => put({ ...item, action })} onRemove={() => put({ ...item, action: null })} />
            )}
            <Checkbox label="Stands out" checked={item.best} onCheckedChange={(on) => put({ ...item, best: on === true })} />
          </>
        )}
      </Items>
      <Line label="Note" value={block.note} onChange={(note) => onChange({ ...block, note })} />
    </>
  );
} // prettier-ignore

function Items<Item>({ name, items, most, fresh, onChange, children }: { name: string; items: Item[]; most: number; fresh: () => Item; onChange: (items: Item[]) => void; children: (item: Item, put: (item: Item) => void) => ReactNode }) {
  return (
    <>
      {items.map((item, at) => (
        <div key={at} role="group" aria-label={`${name} ${at + 1}`} className="space-y-3 rounded-lg border bg-sunken/40 p-3">
          <div className="flex items-center justify-between">
            <span className="text-xs font-medium text-ink-2">{name} {at + 1}</span>
            <Button kind="quiet" size="icon" aria-label={`Take ${name} ${at + 1} away`} disabled={items.length < 2} onClick={() => onChange(items.filter((_, i) => i !== at))}>
              <X />
            </Button>
          </div>
          {children(item, (next) => onChange(items.map((old, i) => (i === at ? next : old))))}
        </div>
      ))}
      <Button size="sm" disabled={items.length >= most} onClick={() => onChange([...items, fresh()])}>
        <Plus /> {name}
      </Button>
    </>
  );
} // prettier-ignore

/** One a line. */
const Points = ({ points, most, onChange }: { points: string[]; most: number; onChange: (points: string[]) => void }) => (
  <Text label="Points with a tick" hint={`One a line, up to ${most}.`} value={points.join('\n')} onChange={(text) => onChange(text === '' ? [] : text.split('\n').slice(0, most))} />
); // prettier-ignore

const Actions = ({ actions, onChange }: { actions: Action[]; onChange: (actions: Action[]) => void }) => (
  <>
    {actions.map((action, at) => (
      <ActionFields key={at} action={action} onChange={(next) => onChange(actions.map((old, i) => (i === at ? next : old)))} onRemove={() => onChange(actions.filter((_, i) => i !== at))} />
    ))}
    {actions.length < 2 ? (
      <Button size="sm" onClick={() => onChange([...actions, { label: 'Get in touch', url: '#form' }])}>
        <Plus /> Button
      </Button>
    ) : null}
  </>
); // prettier-ignore

/** Where it leads: an address, the form of this page, or a call that anybody may book. */
function ActionFields({ action, onChange, onRemove }: { action: Action; onChange: (action: Action) => void; onRemove?: () => void }) {
  const kinds = useRead('call_kinds.list', {});
  const places = [
    { url: '#form', name: 'The form of this page' },
    ...(kinds.data?.items ?? []).filter(({ open }) => open).map(({ id, title }) => ({ url: `/book/${id}`, name: `Book: ${title}` })),
  ];
  const known = places.some(({ url }) => url === action.url);
  return (
    <div className="grid grid-cols-[1fr_1fr_auto] items-end gap-2">
      <Line label="Button" value={action.label} onChange={(label) => onChange({ ...action, label })} />
      <Field label="Leads to">
        {(control) => (
          <Select
            {...control}
            value={known ? action.url : ''}
            onChange={(event) => onChange({ ...action, url: event.target.value || 'https://example.com' })}
          >
            {places.map(({ url, name }) => (
              <option key={url} value={url}>
                {name}
              </option>
            ))}
            <option value="">An address</option>
          </Select>
        )}
      </Field>
      {onRemove === undefined ? null : (
        <Button kind="quiet" size="icon" aria-label={`Take the button ${action.label} away`} onClick={onRemove}>
          <X />
        </Button>
      )}
      {known ? null : (
        <div className="col-span-full">
          <Line label="Address" value={action.url} onChange={(url) => onChange({ ...action, url })} />
        </div>
      )}
    </div>
  );
}
