import { CopyButton, CopyLine } from '#web/kit/copy.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { Note } from '#web/kit/states.tsx';
import type { Form } from './draft.ts';
import { reachable, reachableIn } from './reachable.ts';

/** Ways to put a form somewhere, with what each is good for. */
export function EmbedTab({ form }: { form: Form }) {
  const url = reachable(form.url);
  const json = `fetch('${url.replace('/f/', '/api/forms/')}/submissions', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    answers: { ${form.fields
      .filter((field) => field.type !== 'utm')
      .map((field) => `${field.name}: ${field.type === 'multi_choice' ? '[]' : "''"}`)
      .join(', ')} },
    consent: false, consent_version: ${form.consent_version}, token: crypto.randomUUID(),
  }),
}); // 201, or problem+json with a sentence by each field`;
  return (
    <div className="max-w-3xl space-y-5">
      {form.active ? null : <Note tone="warn">This form is closed. Who opens it sees a note instead.</Note>}
      <Panel title="Link">
        <CopyLine label="Address of the form" text={url} />
        <p className="mt-2 text-sm text-ink-2">
          Add <code>?name=Ann</code> to fill a field beforehand, <code>?utm_source=…</code> to know where people came from.
        </p>
      </Panel>
      <Code
        title="Script"
        label="Script code"
        text={reachableIn(form.embed_script, form.url)}
        note="The form stands where the tag stands and takes its own height. It knows the page it is on and its UTM parameters. No cookie, nothing stored. A strict page allows this site in script-src and frame-src."
      />
      <Code
        title="Frame"
        label="Frame code"
        text={reachableIn(form.embed, form.url)}
        note="For site builders that take no script. Give it the height you like."
      />
      <Code
        title="Plain HTML"
        label="Plain HTML code"
        text={reachableIn(form.embed_html, form.url)}
        note="In your own design. Works without a line of script; the answer is the thank-you page, or where you send people. Paste it again when you change fields or the consent text."
      />
      <Code
        title="JSON"
        label="JSON code"
        text={json}
        note="For your own script, from any site. The same token and answers again are the same submission."
      />
    </div>
  );
}

function Code({ title, label, text, note }: { title: string; label: string; text: string; note: string }) {
  return (
    <Panel title={title} aside={<CopyButton text={text} />}>
      <p className="mb-3 text-sm text-ink-2">{note}</p>
      <pre
        aria-label={label}
        role="region"
        tabIndex={0}
        className="max-h-64 overflow-auto rounded-md border bg-sunken p-3 font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {text}
      </pre>
    </Panel>
  );
}
