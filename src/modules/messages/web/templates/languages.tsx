import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';

const names = new Intl.DisplayNames(['en'], { type: 'language' });
const TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const COMMON = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'pt-BR', 'sv', 'da', 'cs', 'tr', 'uk', 'ja'];

/** `de` is German. */
export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** A further language begins as a copy of the one on the page. */
export function LanguageDialog({
  taken,
  onChoose,
  onClose,
}: {
  taken: readonly string[];
  onChoose: (language: string) => void;
  onClose: () => void;
}) {
  const [other, setOther] = useState('');
  const fits = TAG.test(other) && !taken.includes(other);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add a language"
      description="A person gets the text in their own language; who has none of these gets the first."
    >
      <div className="space-y-4">
        <div className="flex flex-wrap gap-1.5">
          {COMMON.filter((tag) => !taken.includes(tag)).map((tag) => (
            <Button key={tag} size="sm" onClick={() => onChoose(tag)}>
              {languageName(tag)}
            </Button>
          ))}
        </div>
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (fits) onChoose(other);
          }}
        >
          <Field label="Another one" hint="Its tag, such as de-AT" className="flex-1">
            {(control) => <Input {...control} value={other} onChange={(event) => setOther(event.target.value.trim())} />}
          </Field>
          <Button type="submit" disabled={!fits} className="mb-6">
            Add
          </Button>
        </form>
      </div>
    </Dialog>
  );
}
