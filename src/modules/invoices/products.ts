import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { ProductNotFound, soldProducts } from '#modules/deals/public.ts';
import { LineInput } from './draft.ts';

/** A line as it is asked for: written out, or by a product of the catalogue, of which it takes over what it does not say itself. */
export const LineGiven = LineInput.extend({
  productId: z.uuid().optional().describe('Product of the catalogue: description, unit, price and tax are copied where the line says none'),
  description: LineInput.shape.description.optional(),
  unit: LineInput.shape.unit.removeDefault().optional().describe('hour, piece, kg …'),
  unitPriceCents: LineInput.shape.unitPriceCents.optional(),
});
export type LineGiven = z.output<typeof LineGiven>;

/** The lines written out; what was copied stays, whatever becomes of the product. @throws InvalidInput, ProductNotFound */
export async function writtenOut(tx: Transaction, companyId: string, lines: readonly LineGiven[], currency: string): Promise<LineInput[]> {
  const products = await soldProducts(
    tx,
    companyId,
    lines.flatMap(({ productId }) => (productId === undefined ? [] : [productId])),
  );
  return lines.map(({ productId, ...line }, i) => {
    const product = productId === undefined ? undefined : products.get(productId);
    if (productId !== undefined && product === undefined) throw new ProductNotFound('There is no such product; list them with GET /api/products');
    const description = line.description ?? (product === undefined ? undefined : textOf(product));
    if (description === undefined) throw missing(i, 'description', 'is missing; write it, or name a product');
    const unitPriceCents = line.unitPriceCents ?? (product?.currency === currency ? product.priceCents : null);
    if (unitPriceCents === null) throw missing(i, 'unit_price_cents', product === undefined ? 'is missing' : `is missing: ${product.name} has no list price in ${currency}`);
    return { ...line, description, unitPriceCents, unit: line.unit ?? product?.unit ?? '', taxRate: line.taxRate === undefined ? product?.taxRate : line.taxRate };
  });
} // prettier-ignore

const textOf = ({ name, description }: { readonly name: string; readonly description: string }) =>
  description === '' ? name : `${name}\n${description}`;

function missing(line: number, field: string, message: string): InvalidInput {
  const path = `lines.${line}.${field}`;
  return new InvalidInput(`${path} ${message}`, { fields: [{ path, message }] });
}
