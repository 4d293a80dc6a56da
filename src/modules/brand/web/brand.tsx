import { Link } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { useDeferredValue, useRef, useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { base64Of } from '#web/kit/base64.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

type Brand = Output<'brand.get'>;
type Font = Brand['font'];
const FONTS: readonly (readonly [Font, string])[] = [
  ['sans', 'Plain'],
  ['serif', 'Serif headings'],
  ['humanist', 'Humanist'],
  ['rounded', 'Rounded headings'],
];
const MOST_BYTES = 2_000_000;

/** What everything looks like that others see. */
export function BrandSettings() {
  const read = useRead('brand.get', {});
  if (read.data === undefined)
    return read.error === null ? (
      <SkeletonLines lines={10} />
    ) : (
      <Failure what="The brand could not be loaded." error={read.error} retry={() => void read.refetch()} />
    );
  return (
    <div className="max-w-4xl space-y-6">
      <p className="text-sm text-ink-2">Documents, invoices, forms, landing pages and your clients’ page look like this. Pages follow at once; invoices and documents that are out
        stay as they were.
      </p>
      <Logo brand={read.data} />
      <Editor key={read.data.updated_at} brand={read.data} />
    </div>
  );
} // prettier-ignore

function Editor({ brand }: { brand: Brand }) {
  const may = useMay('manager');
  const form = useForm({ accent: brand.accent, font: brand.font, paper: brand.paper, footer: brand.footer, dark: brand.dark });
  const [links, setLinks] = useState(brand.links);
  const save = useAct('brand.update', { refresh: ['brand', 'documents', 'landing'], quiet: true, done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ if_match: brand.updated_at, ...form.values, links }, { onError: form.setError });
  };
  const { accent, font } = form.values;
  const valid = /^#[0-9a-f]{6}$/i.test(accent);
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may} className="space-y-6">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        {may ? null : <Note>Only a manager changes these.</Note>}
        <Panel title="Colour and letters">
          <div className="grid gap-6 md:grid-cols-2">
            <div className="space-y-4">
              <Field label="Colour" error={form.fault('accent')}>
                {(control) => (
                  <div className="flex gap-2">
                    <input
                      type="color"
                      aria-label="Choose the colour"
                      className="h-8 w-12 shrink-0 cursor-pointer rounded-md border border-line-strong bg-panel p-1"
                      value={valid ? accent : brand.accent}
                      onChange={(event) => form.set('accent', event.target.value)}
                    />
                    <Input {...control} {...form.text('accent')} className="font-mono" maxLength={7} spellCheck={false} />
                  </div>
                )}
              </Field>
              <Field label="Letters" hint="Every device has its own of each kind, so that pages load none.">
                {(control) => (
                  <Select {...control} value={font} onChange={(event) => form.set('font', FONTS.find(([key]) => key === event.target.value)?.[0] ?? 'sans')}>
                    {FONTS.map(([key, label]) => (
                      <option key={key} value={key}>
                        {label}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              <Field label="Paper of documents">
                {(control) => (
                  <Select {...control} value={form.values.paper} onChange={(event) => form.set('paper', event.target.value === 'letter' ? 'letter' : 'a4')}>
                    <option value="a4">A4</option>
                    <option value="letter">Letter</option>
                  </Select>
                )}
              </Field>
              <Checkbox
                label="Dark landing pages at night"
                hint="Where the reader’s device is set to dark."
                checked={form.values.dark}
                onCheckedChange={(on) => form.set('dark', on === true)}
              />
            </div>
            <Look brand={brand} accent={valid ? accent : brand.accent} font={font} />
          </div>
        </Panel>
        <Panel title="Foot of pages">
          <div className="space-y-4">
            <Facts
              rows={[
                ['Name', brand.company_name],
                ['Address', <span key="address" className="whitespace-pre-line">{brand.postal_address ?? 'None yet'}</span>],
                ['Website', brand.website ?? 'None yet'],
              ]}
            />
            <p className="text-sm text-ink-2">
              These are changed under{' '}
              <Link to="/settings/company" className="underline">
                Company
              </Link>
              , and taken from there.
            </p>
            <Field label="Legal line" optional hint="Register, managing directors, VAT number: under every page." error={form.fault('footer')}>
              {(control) => <Textarea {...control} {...form.text('footer')} rows={2} maxLength={300} />}
            </Field>
            <fieldset className="space-y-2">
              <legend className="mb-1.5 text-sm font-medium">Links</legend>
              {links.map((link, at) => (
                <div key={at} className="flex gap-2">
                  <Input aria-label={`Label of link ${at + 1}`} placeholder="Imprint" className="w-28 sm:w-40" value={link.label} onChange={(event) => setLinks(links.map((one, i) => (i === at ? { ...one, label: event.target.value } : one)))} />
                  <Input aria-label={`Address of link ${at + 1}`} placeholder="https://…" value={link.url} aria-invalid={form.fault(`links.${at}.url`) === undefined ? undefined : true} onChange={(event) => setLinks(links.map((one, i) => (i === at ? { ...one, url: event.target.value } : one)))} />
                  <Button kind="quiet" size="icon" aria-label={`Take link ${at + 1} away`} onClick={() => setLinks(links.filter((_, i) => i !== at))}>
                    <X />
                  </Button>
                </div>
              ))}
              {form.error?.fields.filter(({ path }) => path.startsWith('links')).map(({ path, message }) => (
                <p key={path} className="text-xs text-bad">Link {Number(path.split('.')[1]) + 1} {message}</p>
              ))}
              <Button size="sm" disabled={links.length >= 8} onClick={() => setLinks([...links, { label: links.length === 0 ? 'Imprint' : links.length === 1 ? 'Privacy' : '', url: '' }])}>
                <Plus /> Link
              </Button>
            </fieldset>
          </div>
        </Panel>
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </fieldset>
    </form>
  );
} // prettier-ignore

/** What a colour becomes: the same little page, light and dark. */
function Look({ brand, accent, font }: { brand: Brand; accent: string; font: Font }) {
  const asked = useDeferredValue(accent);
  const read = useRead('brand.colours', { accent: asked }, { keep: true });
  const colours = read.data ?? brand.colours;
  const family = brand.fonts.find((one) => one.font === font);
  const grounds = [
    ['Light', colours.light, '#ffffff', '#16181f', '#565b67', '#e2e4ea'],
    ['Dark', colours.dark, '#15171c', '#edeef2', '#a4a9b6', '#2a2d36'],
  ] as const;
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2 md:grid-cols-1 lg:grid-cols-2">
        {grounds.map(([name, shown, ground, ink, soft, line]) => (
          <figure key={name} className="rounded-xl border p-4" style={{ background: ground, borderColor: line, fontFamily: family?.body }}>
            <figcaption className="text-xs" style={{ color: soft }}>
              {name}
            </figcaption>
            <p className="mt-2 text-lg leading-snug font-semibold" style={{ color: ink, fontFamily: family?.head }}>
              {brand.company_name}
            </p>
            <p className="mt-1 text-sm" style={{ color: soft }}>
              A line of text and <span style={{ color: shown.accent, textDecoration: 'underline' }}>a link</span>.
            </p>
            <span className="mt-3 inline-block rounded-lg px-4 py-2 text-sm font-medium" style={{ background: shown.accent, color: shown.on_accent }}>
              Button
            </span>
            <p className="mt-3 text-xs tabular-nums" style={{ color: soft }}>
              Contrast {shown.ratio.toFixed(1)} : 1
            </p>
          </figure>
        ))}
      </div>
      {colours.corrected ? (
        <Note tone="warn">
          {asked} has a contrast of {colours.ratio.toFixed(1)} : 1 on white, and text needs 4.5 : 1. Pages show {colours.light.accent} instead.
        </Note>
      ) : (
        <p className="text-xs text-ink-3">Readable as it is: text needs 4.5 : 1 (WCAG AA). Dark pages show a lighter one.</p>
      )}
    </div>
  );
} // prettier-ignore

function Logo({ brand }: { brand: Brand }) {
  const may = useMay('manager');
  const chooser = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const set = useAct('brand.logo', { refresh: ['brand', 'documents', 'landing'], quiet: true, done: 'Saved.' });
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MOST_BYTES) return setFault('This picture is larger than 2 MB. Choose a smaller one.');
    setFault(null);
    set.mutate({ content_base64: await base64Of(file) }, { onError: (error) => setFault(error.fields[0]?.message ?? error.message) });
  };
  return (
    <Panel title="Logo">
      <div className="flex flex-wrap items-center gap-4">
        {brand.logo === null ? (
          <p className="text-sm text-ink-2">None yet: your name stands in its place.</p>
        ) : (
          <span className="flex h-16 w-44 items-center justify-center rounded-md border bg-white p-2">
            <img src={`/api/brand/logo?v=${brand.logo.slice(0, 12)}`} alt={`Logo of ${brand.company_name}`} className="max-h-full max-w-full" />
          </span>
        )}
        <input
          ref={chooser}
          type="file"
          accept="image/png,image/jpeg"
          aria-label="Logo file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        {may ? (
          <div className="flex flex-wrap gap-2">
            <Button busy={set.isPending} onClick={() => chooser.current?.click()}>
              Choose a logo
            </Button>
            {brand.logo === null ? null : (
              <Button kind="quiet" onClick={() => set.mutate({ content_base64: '' })}>
                Remove
              </Button>
            )}
          </div>
        ) : null}
        <p className="w-full text-xs text-ink-3">PNG or JPEG of at most 2 MB.</p>
      </div>
      {fault === null ? null : (
        <Note tone="bad" className="mt-3">
          {fault}
        </Note>
      )}
    </Panel>
  );
} // prettier-ignore
