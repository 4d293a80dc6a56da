import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import type { Landing } from './page.tsx';

/** Address, and what search engines and previews of links show. */
export function SettingsDialog({ page, onDone, onClose }: { page: Landing; onDone: (page: Landing) => void; onClose: () => void }) {
  const form = useForm({ title: page.title, slug: page.slug, description: page.description, language: page.language, indexed: page.indexed, goal: page.goal === null ? '' : String(page.goal) });
  const save = useAct('landing.update', { refresh: ['landing'], quiet: true, done: 'Saved.', onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ page_id: page.id, if_match: page.updated_at, ...form.values, goal: form.values.goal === '' ? null : Number(form.values.goal) }, { onError: form.setError });
  };
  return (
    <Dialog open onOpenChange={onClose} title="Address, search and goal">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Address" error={form.fault('slug')} hint={page.version === 0 ? 'Lower case, digits and -' : 'A new one counts at once; the old one leads there.'}>
          {(control) => (
            <div className="flex items-center gap-1.5">
              <span className="text-sm text-ink-3">/go/</span>
              <Input {...control} {...form.text('slug')} required maxLength={60} spellCheck={false} />
            </div>
          )}
        </Field>
        <Field label="Title" error={form.fault('title')} hint="In the tab and in search results.">
          {(control) => <Input {...control} {...form.text('title')} required maxLength={120} />}
        </Field>
        <Field label="Description" optional error={form.fault('description')} hint="Under the title in search results and in previews of links.">
          {(control) => <Textarea {...control} {...form.text('description')} rows={3} maxLength={300} />}
        </Field>
        <Field label="Language">
          {(control) => (
            <Select {...control} value={form.values.language} onChange={(event) => form.set('language', event.target.value === 'de' ? 'de' : 'en')}>
              <option value="en">English</option>
              <option value="de">German</option>
            </Select>
          )}
        </Field>
        <Field label="Goal" optional error={form.fault('goal')} hint="Forms that the page is to bring in. Counts at once; a workflow can start when it is reached.">
          {(control) => <Input {...control} {...form.text('goal')} inputMode="numeric" pattern="[1-9][0-9]{0,5}" className="w-32" />}
        </Field>
        <Checkbox label="Search engines may list it" checked={form.values.indexed} onCheckedChange={(on) => form.set('indexed', on === true)} />
        <p className="text-xs text-ink-3">Title, description and language are shown once you publish.</p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
} // prettier-ignore
