import type { FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

type Product = Item<'products.list'>;

/** Its name, and what a line of an invoice takes over from it. */
export function EditProduct({ product, onClose }: { product: Product; onClose: () => void }) {
  const form = useForm({
    name: product.name,
    description: product.description,
    unit: product.unit,
    tax: product.tax_rate === null ? '' : String(product.tax_rate),
  });
  const save = useAct('products.update', { quiet: true, refresh: ['products'], done: 'Saved. What was written stays.', onDone: onClose });
  const { values, text, fault } = form;
  const tax = values.tax.trim() === '' ? null : Number(values.tax.trim().replace(',', '.'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, description, unit } = values;
    save.mutate(
      {
        product_id: product.id,
        if_match: product.updated_at,
        name: name.trim(),
        description: description.trim(),
        unit: unit.trim(),
        tax_rate: tax,
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog open onOpenChange={onClose} title={product.name} description="What deals and invoices take over when it is chosen.">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Name" error={fault('name')}>
          {(control) => <Input {...control} {...text('name')} required maxLength={200} />}
        </Field>
        <Field label="Description" optional hint="Under the name on quotes and invoices" error={fault('description')}>
          {(control) => <Textarea {...control} {...text('description')} rows={3} maxLength={1500} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Unit" optional hint="hour, piece, kg" error={fault('unit')}>
            {(control) => <Input {...control} {...text('unit')} maxLength={20} />}
          </Field>
          <Field label="Tax in percent" optional hint="Empty: by the rules of the two countries" error={fault('tax_rate')}>
            {(control) => <Input {...control} {...text('tax')} inputMode="decimal" className="num" />}
          </Field>
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={save.isPending} disabled={tax !== null && Number.isNaN(tax)}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
