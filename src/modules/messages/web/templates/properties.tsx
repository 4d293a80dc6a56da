import { Download, Paperclip, Trash2, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { base64Of } from '#web/kit/base64.ts';
import { ApiError, call } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Sheet } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { Facts } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { download, sizeOf } from './bytes.ts';
import type { Content, Whole } from './content.ts';

interface Props {
  whole: Whole;
  content: Content;
  may: boolean;
  onChange: (content: Content, about?: string) => void;
  onClose: () => void;
  onGone: () => void;
  onDropped: (() => void) | undefined;
}

/** What is true of the template in all its languages: name, class, files, and the ways out. */
export function PropertiesSheet({ whole, content, may, onChange, onClose, onGone, onDropped }: Props) {
  const remove = useAct('templates.delete', {
    refresh: ['templates'],
    done: whole.unwritten ? 'Back to the text it came with.' : 'Deleted.',
    onDone: onGone,
  });
  const own = whole.origin === 'own';
  const save = async () => {
    const file = await call('templates.export', { key: whole.key });
    download(file.filename, JSON.stringify(file, null, 2));
  };
  return (
    <Sheet open onOpenChange={onClose} title="Properties" description={<span className="font-mono text-xs">{whole.key}</span>}>
      <fieldset disabled={!may} className="space-y-6 p-5">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Title" className="sm:col-span-2">
            {(control) => (
              <Input
                {...control}
                maxLength={200}
                value={content.title}
                onChange={(event) => onChange({ ...content, title: event.target.value }, 'title')}
              />
            )}
          </Field>
          <Field label="Class" hint="Commercial: anything that sells. The gate asks for consent, hours and caps.">
            {(control) => (
              <Select
                {...control}
                value={content.class}
                onChange={(event) => onChange({ ...content, class: event.target.value as Content['class'] }) /* one of the options below */}
              >
                <option value="commercial">Commercial</option>
                <option value="transactional">Transactional</option>
              </Select>
            )}
          </Field>
        </div>
        {content.kind === 'sms' ? null : <Files content={content} onChange={onChange} />}
        <section className="space-y-2">
          <h3 className="text-sm font-semibold">Where it is used</h3>
          {whole.used_by.length === 0 ? (
            <p className="text-sm text-ink-2">No workflow sends it.</p>
          ) : (
            <Facts
              rows={whole.used_by.map(
                (use) =>
                  [
                    use.title,
                    use.kind === 'runs' ? 'runs of an older version' : use.kind === 'draft' ? 'in a draft' : use.active ? 'on' : 'off',
                  ] as const,
              )}
            />
          )}
        </section>
        <section className="flex flex-wrap gap-2">
          <Button disabled={!whole.published} onClick={() => void save()}>
            <Download /> Save as a file
          </Button>
          {onDropped === undefined ? null : (
            <Confirm
              title="Throw the draft away?"
              action="Throw away"
              danger
              onConfirm={onDropped}
              trigger={(ask) => (
                <Button onClick={ask}>
                  <X /> Throw the draft away
                </Button>
              )}
            >
              What is published stays as it is. The unpublished changes are gone.
            </Confirm>
          )}
          {own ? (
            <Confirm
              title={whole.unwritten ? 'Go back to the text it came with?' : 'Delete this template?'}
              action={whole.unwritten ? 'Go back' : 'Delete'}
              danger
              onConfirm={() => remove.mutate({ key: whole.key })}
              trigger={(ask) => (
                <Button busy={remove.isPending} onClick={ask}>
                  <Trash2 /> {whole.unwritten ? 'Back to the first text' : 'Delete'}
                </Button>
              )}
            >
              {whole.unwritten
                ? 'Your versions are used no more; each stays readable by its number.'
                : 'It can be sent no more. What was sent stays in the outbox. While a workflow sends it, it is not deleted.'}
            </Confirm>
          ) : null}
        </section>
      </fieldset>
    </Sheet>
  );
}

function Files({ content, onChange }: Pick<Props, 'content' | 'onChange'>) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const add = async (file: File) => {
    setBusy(true);
    setError(null);
    try {
      const kept = await call('templates.add_file', {
        filename: file.name,
        content_base64: await base64Of(file),
        ...(file.type === '' ? {} : { content_type: file.type }),
      });
      onChange({ ...content, attachments: [...content.attachments.filter((one) => one.attachment_id !== kept.attachment_id), kept] });
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="space-y-2">
      <h3 className="text-sm font-semibold">Files in each mail</h3>
      {content.attachments.length === 0 ? <p className="text-sm text-ink-2">None. 10 MB each, 15 MB together.</p> : null}
      <ul className="space-y-1">
        {content.attachments.map((one) => (
          <li key={one.attachment_id} className="flex items-center gap-2 text-sm [&_svg]:size-4">
            <Paperclip className="text-ink-3" />
            <span className="min-w-0 flex-1 truncate">{one.filename}</span>
            <span className="num text-xs text-ink-3">{one.size === 0 ? '' : sizeOf(one.size)}</span>
            <Button
              kind="quiet"
              size="icon"
              aria-label={`Remove ${one.filename}`}
              onClick={() => onChange({ ...content, attachments: content.attachments.filter((other) => other !== one) })}
            >
              <X />
            </Button>
          </li>
        ))}
      </ul>
      {error === null ? null : <Note tone="bad">{error}</Note>}
      <input
        ref={input}
        type="file"
        className="hidden"
        aria-label="File to add"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined) void add(file);
        }}
      />
      <Button busy={busy} onClick={() => input.current?.click()}>
        <Paperclip /> Add a file
      </Button>
    </section>
  );
}
