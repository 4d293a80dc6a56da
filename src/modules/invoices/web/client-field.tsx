import type { Item } from '#web/kit/api.ts';
import { Field, Select } from '#web/kit/field.tsx';
import { useList, useRead } from '#web/kit/query.ts';

/** Whom an invoice is for, and the currency that follows: the client's, else the company's. */
export function useClients(clientId: string): { clients: readonly Item<'clients.list'>[]; currency: string | undefined } {
  const { rows } = useList('clients.list', { limit: 500 });
  const settings = useRead('invoices.settings', {});
  return { clients: rows, currency: rows.find((one) => one.id === clientId)?.billing.currency ?? settings.data?.options.currency };
}

export function ClientField({
  clients,
  value,
  error,
  onChange,
}: {
  clients: readonly Item<'clients.list'>[];
  value: string;
  error: string | undefined;
  onChange: (clientId: string) => void;
}) {
  return (
    <Field label="Client" error={error}>
      {(control) => (
        <Select {...control} required value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose a client</option>
          {clients.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name || (one.email ?? 'Unnamed')}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
