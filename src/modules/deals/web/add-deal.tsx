import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { amountHint, centsOf } from '#web/kit/money.ts';

/** A deal in four fields; the rest is on its page. */
export function AddDeal({ open, pipelineId, onClose }: { open: boolean; pipelineId: string | undefined; onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [amount, setAmount] = useState('');
  const [productId, setProduct] = useState('');
  const [closeDate, setCloseDate] = useState('');
  const products = useRead('products.list', {}, { enabled: open });
  const add = useAct('deals.create', {
    refresh: ['deals', 'pipeline'],
    quiet: true,
    onDone: (deal) => {
      setName('');
      setAmount('');
      setProduct('');
      void navigate({ to: '/deals/$dealId', params: { dealId: deal.id } });
    },
  });
  const rates = useRead('currency_rates.list', {}, { enabled: open });
  const currency = rates.data?.base ?? 'USD';
  const typed = amount.trim() === '' ? undefined : centsOf(amount, currency);
  const cents = typed !== undefined && typed !== null && typed < 0 ? null : typed;
  const send = () =>
    add.mutate({
      name,
      ...(pipelineId === undefined ? {} : { pipeline_id: pipelineId }),
      ...(cents === undefined || cents === null ? {} : { amount_cents: cents }),
      ...(productId === '' ? {} : { product_id: productId }),
      ...(closeDate === '' ? {} : { close_date: closeDate }),
    });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      title="Add a deal"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="add-deal" busy={add.isPending} disabled={name.trim() === '' || cents === null}>
            Add the deal
          </Button>
        </>
      }
    >
      <form
        id="add-deal"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {add.error === null ? null : <Note tone="bad">{add.error.message}</Note>}
        <Field label="Name">
          {(control) => (
            <Input {...control} value={name} placeholder="Ten seats for Acme" onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Product" optional>
            {(control) => (
              <Select {...control} value={productId} onChange={(event) => setProduct(event.target.value)}>
                <option value="">None</option>
                {products.data?.items.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field
            label={`Amount in ${currency}`}
            optional
            hint="Empty: the list price of the product."
            error={cents === null ? amountHint(currency) : undefined}
          >
            {(control) => <Input {...control} inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />}
          </Field>
          <Field label="Close date" optional>
            {(control) => <Input {...control} type="date" value={closeDate} onChange={(event) => setCloseDate(event.target.value)} />}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}
