import { Choice } from '#web/kit/choice.tsx';
import { plainMoney } from '#web/kit/money.ts';
import { useRead } from '#web/kit/query.ts';
import type { Row } from './rows.ts';

/** A product of the catalogue becomes a line: text, unit, price and tax are copied, and may be changed there. Those with a price in another currency are left out. */
export function ProductPick({ currency, onPick }: { currency: string | undefined; onPick: (row: Omit<Row, 'key'>) => void }) {
  const read = useRead('products.list', {}, { enabled: currency !== undefined });
  const sold = (read.data?.items ?? []).filter((one) => one.active && (one.price_cents === null || one.currency === currency));
  if (sold.length === 0) return null;
  const pick = (id: string | undefined) => {
    const product = sold.find((one) => one.id === id);
    if (product === undefined) return;
    onPick({
      description: product.description === '' ? product.name : `${product.name}\n${product.description}`,
      quantity: '1',
      unit: product.unit,
      price: product.price_cents === null ? '' : plainMoney(product.price_cents, product.currency),
      discount: '',
      tax: product.tax_rate === null ? '' : String(product.tax_rate),
    });
  };
  return (
    <Choice
      label="Add a product"
      none="Add a product …"
      className="w-full sm:w-56"
      value=""
      options={sold.map((one) => [one.id, one.name] as const)}
      onChange={pick}
    />
  );
}
