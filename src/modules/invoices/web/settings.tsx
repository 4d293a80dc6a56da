import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { countryNames } from '#web/kit/country-names.ts';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { centsOf, digitsOf } from '#web/kit/money.ts';
import { RatesEditor, ratesOf, rowsOfRates } from './rates-editor.tsx';
import { Ladder } from './ladder.tsx';

type Settings = Output<'invoices.settings'>;

const LANGUAGES: readonly (readonly [Settings['options']['language'], string])[] = [
  ['en', 'English'],
  ['de', 'German'],
  ['fr', 'French'],
  ['es', 'Spanish'],
];

/** Who invoices, how invoices are numbered and taxed, and what follows when one is late. */
export function InvoiceSettings() {
  const read = useRead('invoices.settings', {});
  if (read.data === undefined)
    return read.error === null ? (
      <SkeletonLines lines={10} />
    ) : (
      <Failure what="The settings could not be loaded." error={read.error} retry={() => void read.refetch()} />
    );
  return (
    <div className="max-w-3xl space-y-6">
      <p className="text-sm text-ink-2">
        Logo and colour are one for all that others see:{' '}
        <Link to="/settings/brand" className="underline">
          Brand
        </Link>
        . Invoices that were issued keep the logo that they had.
      </p>
      <Editor key={read.data.updated_at} settings={read.data} />
      <Ladder />
    </div>
  );
}

const SELLER = ['name', 'line1', 'line2', 'postcode', 'city', 'region', 'country', 'vat_id', 'tax_number', 'registration', 'email', 'phone', 'website', 'iban', 'bic', 'bank_name'] as const; // prettier-ignore
const percent = (text: string) => Number(text.trim().replace(',', '.'));
type SellerField = (typeof SELLER)[number];

function valuesOf({ seller, options }: Settings) {
  const places = digitsOf(options.currency);
  const texts = Object.fromEntries(SELLER.map((field) => [field, seller[field] ?? ''])) as Record<SellerField, string>; // one for each
  return {
    ...texts,
    currency: options.currency,
    payment_days: String(options.payment_days),
    quote_days: String(options.quote_days),
    quote_becomes: options.quote_becomes,
    invoice_prefix: options.invoice_prefix,
    quote_prefix: options.quote_prefix,
    credit_prefix: options.credit_prefix,
    numbering: options.numbering,
    number_digits: String(options.number_digits),
    language: options.language,
    intro: options.intro,
    footer: options.footer,
    small_business: options.small_business,
    oss: options.oss,
    late_fee: options.late_fee_cents === 0 ? '' : (options.late_fee_cents / 10 ** places).toFixed(places),
    late_rate: options.late_rate === 0 ? '' : String(options.late_rate),
    late_every: options.late_every,
    late_grace_days: String(options.late_grace_days),
    late_cap: options.late_cap_percent === null ? '' : String(options.late_cap_percent),
    late_mode: options.late_mode,
    bank_books: options.bank_books,
    receipts: options.receipts,
  };
}

function Editor({ settings }: { settings: Settings }) {
  const may = useMay('manager');
  const form = useForm(valuesOf(settings));
  const [own, setOwn] = useState(() => rowsOfRates(settings.options.own_rates));
  const [states, setStates] = useState(() => rowsOfRates(settings.options.us_rates));
  const { values, set, text, fault } = form;
  const save = useAct('invoices.update_settings', { quiet: true, refresh: ['invoices'], done: 'Saved. What was issued stays as it is.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      {
        if_match: settings.updated_at,
        seller: Object.fromEntries(SELLER.map((field) => [field, values[field].trim() === '' ? null : values[field].trim()])),
        options: {
          currency: values.currency.trim().toUpperCase(),
          payment_days: Number(values.payment_days),
          quote_days: Number(values.quote_days),
          quote_becomes: values.quote_becomes,
          invoice_prefix: values.invoice_prefix,
          quote_prefix: values.quote_prefix,
          credit_prefix: values.credit_prefix,
          numbering: values.numbering,
          number_digits: Number(values.number_digits),
          language: values.language,
          intro: values.intro,
          footer: values.footer,
          small_business: values.small_business,
          oss: values.oss,
          own_rates: ratesOf(own),
          us_rates: ratesOf(states),
          late_fee_cents: values.late_fee.trim() === '' ? 0 : (centsOf(values.late_fee, values.currency) ?? -1),
          late_rate: percent(values.late_rate),
          late_every: values.late_every,
          late_grace_days: Number(values.late_grace_days),
          late_cap_percent: values.late_cap.trim() === '' ? null : percent(values.late_cap),
          late_mode: values.late_mode,
          bank_books: values.bank_books,
          receipts: values.receipts,
        },
      },
      { onError: form.setError },
    );
  };
  const input = (field: SellerField, label: string, more: { hint?: string; className?: string; max?: number } = {}) => (
    <Field label={label} optional hint={more.hint} className={more.className ?? ''} error={fault(`seller.${field}`) ?? fault(field)}>
      {(control) => <Input {...control} {...text(field)} maxLength={more.max ?? 200} />}
    </Field>
  );
  const standard = settings.vat.find((one) => one.country === values.country)?.standard;
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may} className="space-y-6">
        {may ? null : <Note>Only a manager changes these.</Note>}
        <Panel title="Who invoices">
          <div className="grid gap-4 sm:grid-cols-2">
            {input('name', 'Legal name', { hint: 'Empty: the name of the company', className: 'sm:col-span-2' })}
            {input('line1', 'Street and number')}
            {input('line2', 'Second line')}
            {input('postcode', 'Postcode', { max: 20 })}
            {input('city', 'City', { max: 100 })}
            {input('region', 'State or province', { max: 100 })}
            <Field label="Country" optional hint="Decides how invoices are taxed" error={fault('country')}>
              {(control) => (
                <Select {...control} value={values.country} onChange={(event) => set('country', event.target.value)}>
                  <option value="">Not said</option>
                  {[...countryNames].map(([code, name]) => (
                    <option key={code} value={code}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            {input('vat_id', 'VAT number')}
            {input('tax_number', 'Tax number', { hint: 'Where there is no VAT number', max: 50 })}
            {input('registration', 'Register entry', { hint: 'Court and number, managing directors', className: 'sm:col-span-2' })}
            {input('email', 'Email')}
            {input('phone', 'Phone', { max: 50 })}
            {input('website', 'Website', { className: 'sm:col-span-2' })}
          </div>
        </Panel>
        <Panel title="Bank account">
          <div className="grid gap-4 sm:grid-cols-3">
            {input('iban', 'IBAN', { className: 'sm:col-span-2' })}
            {input('bic', 'BIC', { max: 11 })}
            {input('bank_name', 'Bank', { max: 100, className: 'sm:col-span-3' })}
          </div>
        </Panel>
        <Panel title="Numbers">
          <div className="space-y-4">
            <div className="grid gap-4 sm:grid-cols-3">
              {(['invoice', 'quote', 'credit'] as const).map((kind) => (
                <Field
                  key={kind}
                  label={{ invoice: 'Invoices begin with', quote: 'Quotes', credit: 'Credit notes' }[kind]}
                  hint={`Next: ${settings.next[kind === 'credit' ? 'credit_note' : kind]}`}
                  error={fault(`${kind}_prefix`)}
                >
                  {(control) => <Input {...control} {...text(`${kind}_prefix`)} maxLength={20} className="num" />}
                </Field>
              ))}
              <Field label="Counted anew" error={fault('numbering')} className="sm:col-span-2">
                {(control) => (
                  <Select
                    {...control}
                    value={values.numbering}
                    onChange={(event) => set('numbering', event.target.value as typeof values.numbering /* of the options below */)}
                  >
                    <option value="year">Each year: the year follows the beginning</option>
                    <option value="month">Each month: year and month follow</option>
                    <option value="never">Never: the counter goes on</option>
                  </Select>
                )}
              </Field>
              <Field label="Digits" error={fault('number_digits')}>
                {(control) => <Input {...control} {...text('number_digits')} type="number" min={1} max={10} required className="num" />}
              </Field>
            </div>
            <p className="text-xs text-ink-3">
              A number is given when an invoice is issued, without gaps. Another beginning starts another series at 1; the old one stays as
              it is.
            </p>
          </div>
        </Panel>
        <Panel title="Terms">
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label="Currency" hint="The company’s, unless invoices have one of their own" error={fault('currency')}>
              {(control) => <Input {...control} {...text('currency')} maxLength={3} required className="num uppercase" />}
            </Field>
            <Field label="Days to pay" error={fault('payment_days')}>
              {(control) => <Input {...control} {...text('payment_days')} type="number" min={0} max={365} required className="num" />}
            </Field>
            <Field label="Language" hint="Of papers for clients whose own is unknown" error={fault('language')}>
              {(control) => (
                <Select
                  {...control}
                  value={values.language}
                  onChange={(event) => set('language', LANGUAGES.find(([tag]) => tag === event.target.value)?.[0] ?? 'en')}
                >
                  {LANGUAGES.map(([tag, name]) => (
                    <option key={tag} value={tag}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Above the lines" optional error={fault('intro')} className="sm:col-span-3">
              {(control) => <Textarea {...control} {...text('intro')} rows={2} maxLength={2000} />}
            </Field>
            <Field label="At the foot" optional error={fault('footer')} className="sm:col-span-3">
              {(control) => <Textarea {...control} {...text('footer')} rows={2} maxLength={2000} />}
            </Field>
          </div>
        </Panel>
        <Panel title="Quotes">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Days that a quote holds" hint="0: until it is answered" error={fault('quote_days')}>
              {(control) => <Input {...control} {...text('quote_days')} type="number" min={0} max={365} required className="num" />}
            </Field>
            <Field label="An accepted quote becomes" error={fault('quote_becomes')}>
              {(control) => (
                <Select
                  {...control}
                  value={values.quote_becomes}
                  onChange={(event) => set('quote_becomes', event.target.value as typeof values.quote_becomes /* of the options below */)}
                >
                  <option value="draft">a draft, that a person issues</option>
                  <option value="issue">an issued invoice</option>
                  <option value="send">an invoice that is issued and mailed</option>
                </Select>
              )}
            </Field>
          </div>
        </Panel>
        <Panel title="Taxes">
          <div className="space-y-5">
            <p className="text-sm text-ink-2">
              {standard === undefined
                ? 'The rate follows from your country and the client’s. Choose your country above.'
                : `At home ${countryNames.get(values.country) ?? values.country}’s ${standard} % hold, unless a line says otherwise. Firms elsewhere in the EU owe the tax themselves; outside of it there is none.`}
            </p>
            <Checkbox
              label="Small business: no VAT is shown"
              hint="§ 19 UStG in Germany, and its like"
              checked={values.small_business}
              onCheckedChange={(on) => set('small_business', on === true)}
            />
            <Checkbox
              label="One-stop shop"
              hint="Consumers in other member states pay the rate of their own country; otherwise yours"
              checked={values.oss}
              onCheckedChange={(on) => set('oss', on === true)}
            />
            <RatesEditor
              title="Standard rates of your own"
              hint="Where a country’s rate is another than in the table."
              rows={own}
              onChange={setOwn}
              names={countryNames}
              usual={new Map(settings.vat.map((one) => [one.country, one.standard]))}
              error={fault('own_rates')}
            />
            <RatesEditor
              title="US sales tax"
              hint="By state, where you have to collect it. Elsewhere none is charged."
              rows={states}
              onChange={setStates}
              error={fault('us_rates')}
            />
          </div>
        </Panel>
        <Panel title="Payments">
          <div className="space-y-4">
            <Checkbox
              label="Mail a receipt for each payment"
              hint="With its PDF, once, by the workflow “Receipts by mail”, whose words are yours to change"
              checked={values.receipts}
              onCheckedChange={(on) => set('receipts', on === true)}
            />
            <Checkbox
              label="Book what is exact in a bank statement by itself"
              hint="Money that names the number of an invoice and is what is owed, to the cent. Otherwise a person confirms it"
              checked={values.bank_books === 'exact'}
              onCheckedChange={(on) => set('bank_books', on === true ? 'exact' : 'never')}
            />
          </div>
        </Panel>
        <Panel title="Late fees">
          <div className="space-y-4">
            <p className="text-sm text-ink-2">
              A fee is an invoice of its own, without tax, that names the late one. Each period is charged once, and never after the
              payment.
            </p>
            <div className="grid gap-4 sm:grid-cols-3">
              <Field label={`Flat fee in ${values.currency}`} hint="Empty: none" error={fault('late_fee_cents')}>
                {(control) => <Input {...control} {...text('late_fee')} inputMode="decimal" className="num" />}
              </Field>
              <Field label="Percent of what is owed" hint="Empty: none" error={fault('late_rate')}>
                {(control) => <Input {...control} {...text('late_rate')} inputMode="decimal" className="num" />}
              </Field>
              <Field label="At most, percent of the total" hint="Empty: no cap" error={fault('late_cap_percent')}>
                {(control) => <Input {...control} {...text('late_cap')} inputMode="decimal" className="num" />}
              </Field>
              <Field label="Charged" error={fault('late_every')}>
                {(control) => (
                  <Select
                    {...control}
                    value={values.late_every}
                    onChange={(event) => set('late_every', event.target.value === 'month' ? 'month' : 'once')}
                  >
                    <option value="once">Once</option>
                    <option value="month">Each month</option>
                  </Select>
                )}
              </Field>
              <Field label="Days of grace" error={fault('late_grace_days')}>
                {(control) => <Input {...control} {...text('late_grace_days')} type="number" min={0} max={365} required className="num" />}
              </Field>
              <Field label="The fee is" error={fault('late_mode')}>
                {(control) => (
                  <Select
                    {...control}
                    value={values.late_mode}
                    onChange={(event) => set('late_mode', event.target.value as typeof values.late_mode /* of the options below */)}
                  >
                    <option value="draft">a draft, that a person issues</option>
                    <option value="issue">issued at once</option>
                    <option value="send">issued and mailed</option>
                  </Select>
                )}
              </Field>
            </div>
          </div>
        </Panel>
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        {form.error === null || form.general !== undefined ? null : (
          <Note tone="bad">Something above needs another look: {form.error.message}</Note>
        )}
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </fieldset>
    </form>
  );
}
