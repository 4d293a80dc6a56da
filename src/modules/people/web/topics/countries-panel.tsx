import { Pencil } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { regimeName, regimes, type Country, type Regime } from './words.ts';

/** What the law of each country asks, where it is written, and where the company sees it otherwise. */
export function CountriesPanel() {
  const countries = useRead('countries.list', {});
  const admin = useMay('admin');
  const [sought, setSought] = useState('');
  const [edited, setEdited] = useState<Country | null>(null);
  const months = countries.data?.enquiry_months ?? 6;
  const words = sought.trim().toLowerCase();
  const shown = (countries.data?.items ?? []).filter(({ name, country, reason }) =>
    words === ''
      ? true
      : name.toLowerCase().includes(words) || country.toLowerCase() === words || (reason ?? '').toLowerCase().includes(words),
  );
  return (
    <Panel
      title="Countries"
      flush
      aside={
        <Input
          aria-label="Find a country"
          placeholder="Find a country"
          className="w-40 sm:w-52"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      }
    >
      <p className="border-b px-4 py-3 text-xs text-ink-2">
        Somebody counts under the country of their address, else of their phone number, time zone or internet domain, the strictest of
        these. A country that nobody knows, or that is not here, counts as “Consent only”. An answer to somebody’s own enquiry is allowed
        everywhere, for {months} months. Defaults as we read the law, not legal advice.
      </p>
      {countries.data === undefined ? (
        countries.error === null ? (
          <SkeletonLines lines={8} className="p-4" />
        ) : (
          <Failure what="The countries could not be loaded." error={countries.error} retry={() => void countries.refetch()} />
        )
      ) : shown.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-ink-2">
          No country here is called “{sought.trim()}”: it counts as “Consent only”.
        </p>
      ) : (
        <ul className="max-h-[28rem] divide-y overflow-y-auto" tabIndex={0} aria-label="Countries">
          {shown.map((country) => (
            <li key={country.country} className="flex items-start gap-3 px-4 py-2.5 text-sm">
              <div className="min-w-0 flex-1">
                <div className="flex flex-wrap items-baseline gap-x-2">
                  <span className="font-medium">{country.name}</span>
                  <span className="text-ink-2">{regimeName.get(country.regime)}</span>
                  {country.regime === country.default_regime ? null : (
                    <Badge tone={country.warning === null ? 'neutral' : 'warn'}>yours</Badge>
                  )}
                </div>
                <div className="text-xs text-ink-3">
                  <a
                    href={country.source}
                    target="_blank"
                    rel="noreferrer"
                    className="underline decoration-line-strong underline-offset-2 hover:text-ink"
                  >
                    {country.law}
                  </a>
                  {details(country).map((detail) => ` · ${detail}`)}
                </div>
                {country.reason === null ? null : (
                  <div className="mt-0.5 text-xs text-ink-2">
                    {country.reason}
                    {country.set_by === null ? '' : ` (${country.set_by})`}
                  </div>
                )}
              </div>
              {admin ? (
                <Button kind="quiet" size="icon" aria-label={`See ${country.name} otherwise`} onClick={() => setEdited(country)}>
                  <Pencil />
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {edited === null ? null : <CountryDialog country={edited} onClose={() => setEdited(null)} />}
    </Panel>
  );
}

function details(country: Country): string[] {
  return [
    ...(country.client_months === null ? [] : [`a client for ${country.client_months} months after the purchase`]),
    ...(country.enquirer ? ['who enquired counts like a client'] : []),
    ...(country.confirmed ? ['courts want a consent that was confirmed by mail'] : []),
  ];
}

function CountryDialog({ country, onClose }: { country: Country; onClose: () => void }) {
  const form = useForm<{ regime: Regime; reason: string }>({ regime: country.regime, reason: country.reason ?? '' });
  const set = useAct('countries.set', { quiet: true, refresh: ['countries', 'people'], done: 'Saved.', onDone: onClose });
  const back = form.values.regime === country.default_regime;
  const order = regimes.map(([regime]) => regime);
  const laxer = order.indexOf(form.values.regime) > order.indexOf(country.default_regime);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { regime, reason } = form.values;
    set.mutate(
      {
        country: country.country,
        ...(back ? { regime: null } : { regime, reason: reason.trim() }),
        ...(country.updated_at === null ? {} : { if_match: country.updated_at }),
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={country.name}
      description={`Default: ${regimeName.get(country.default_regime) ?? ''} (${country.law}).`}
    >
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Who may get commercial mail there" error={form.fault('regime')}>
          {(control) => (
            // The options are the regimes.
            <Select {...control} value={form.values.regime} onChange={(event) => form.set('regime', event.target.value as Regime)}>
              {regimes.map(([regime, name]) => (
                <option key={regime} value={regime}>
                  {name}
                  {regime === country.default_regime ? ' (default)' : ''}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {laxer ? (
          <Note tone="warn">More than {country.law} allows as we read it. Your company answers for it: have a lawyer confirm it.</Note>
        ) : null}
        {back ? null : (
          <Field label="Why" hint="Whose advice it is. Kept with your name." error={form.fault('reason')}>
            {(control) => <Textarea {...control} {...form.text('reason')} required maxLength={1000} rows={3} />}
          </Field>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={set.isPending} disabled={!back && form.values.reason.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
