import { Package, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Input, Switch } from '#web/kit/field.tsx';
import { centsOf, money, plainMoney } from '#web/kit/money.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { EditProduct } from './edit-product.tsx';

type Product = Item<'products.list'>;
const refresh = ['products'];

/** What is sold, at its list price. A product that is off can't be chosen any more; its deals stay. */
export function ProductsPanel() {
  const found = useRead('products.list', {});
  const base = useRead('currency_rates.list', {}).data?.base;
  const [name, setName] = useState('');
  const [price, setPrice] = useState('');
  const add = useAct('products.create', {
    refresh,
    done: 'Added.',
    onDone: () => {
      setName('');
      setPrice('');
    },
  });
  // A new product is in the company's currency; until that is known, a price can't be read.
  const cents = price.trim() === '' || base === undefined ? null : centsOf(price, base);
  return (
    <Panel title="Products" flush>
      {found.error !== null ? (
        <Failure what="The products could not be loaded." error={found.error} retry={() => void found.refetch()} />
      ) : found.data === undefined ? (
        <div className="p-4">
          <SkeletonLines lines={4} />
        </div>
      ) : found.data.items.length === 0 ? (
        <Empty icon={<Package />} title="Nothing is sold yet">
          Name what you sell and its list price: a new deal about it is worth that much until you say otherwise.
        </Empty>
      ) : (
        <ul className="max-h-[28rem] divide-y overflow-y-auto" tabIndex={0} aria-label="Products">
          {found.data.items.map((product) => (
            <Line key={`${product.id} ${product.updated_at}`} product={product} />
          ))}
        </ul>
      )}
      <form
        className="flex flex-wrap gap-2 border-t p-4"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ name: name.trim(), price_cents: cents });
        }}
      >
        <Input
          aria-label="Name of a new product"
          className="w-full sm:w-64"
          placeholder="A new product"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Input
          aria-label="Its list price"
          className="num w-32"
          inputMode="decimal"
          placeholder="price"
          value={price}
          onChange={(event) => setPrice(event.target.value)}
        />
        <Button type="submit" busy={add.isPending} disabled={name.trim() === '' || (price.trim() !== '' && cents === null)}>
          <Plus /> Add
        </Button>
      </form>
    </Panel>
  );
}

function Line({ product }: { product: Product }) {
  const before = product.price_cents === null ? '' : plainMoney(product.price_cents, product.currency);
  const [price, setPrice] = useState(before);
  const [editing, setEditing] = useState(false);
  const save = useAct('products.update', { refresh });
  const cents = price.trim() === '' ? null : centsOf(price, product.currency);
  const wrong = price.trim() !== '' && cents === null;
  return (
    <li>
      <form
        className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ product_id: product.id, price_cents: cents, if_match: product.updated_at });
        }}
      >
        <span className="min-w-0 flex-1 basis-40 truncate text-sm font-medium">
          {product.name}
          {product.series === null ? null : <span className="ml-2 text-xs font-normal text-ink-3">{product.series}</span>}
        </span>
        <Input
          aria-label={`List price of ${product.name} in ${product.currency}`}
          className="num w-28 text-right"
          inputMode="decimal"
          aria-invalid={wrong}
          placeholder="none"
          title={product.price_cents === null ? undefined : money(product.price_cents, product.currency)}
          value={price}
          onChange={(event) => setPrice(event.target.value)}
        />
        <span className="w-9 text-xs text-ink-3">{product.currency}</span>
        <Button kind="quiet" size="icon" aria-label={`What invoices say of ${product.name}`} onClick={() => setEditing(true)}>
          <Pencil />
        </Button>
        {price === before ? (
          <Switch
            checked={product.active}
            disabled={save.isPending}
            aria-label={`${product.name} is sold`}
            onCheckedChange={(active) => save.mutate({ product_id: product.id, active, if_match: product.updated_at })}
          />
        ) : (
          <Button type="submit" size="sm" busy={save.isPending} disabled={wrong}>
            Save
          </Button>
        )}
      </form>
      {editing ? <EditProduct product={product} onClose={() => setEditing(false)} /> : null}
    </li>
  );
}
