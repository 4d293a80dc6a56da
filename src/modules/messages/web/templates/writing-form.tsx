import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { BlockList } from './blocks.tsx';
import { asMode, type Content, type Source, type Whole, type Writing } from './content.ts';
import { InsertName } from './insert-name.tsx';
import { LanguageDialog, languageName } from './languages.tsx';
import { ThemeFields } from './theme-fields.tsx';

interface Props {
  content: Content;
  writing: Writing;
  onChange: (content: Content, about?: string) => void;
  onLanguage: (language: string) => void;
  disabled: boolean;
  faulty: ReadonlySet<string>;
  /** What it became when it was published last: where a new way of writing begins. */
  compiled: Whole;
}

const MODES: Record<Source['mode'], string> = { blocks: 'Blocks', text: 'Text', html: 'HTML', mjml: 'MJML' };

/** One language of a template: its subject, and its text in one of four ways of writing. */
export function WritingForm({ content, writing, onChange, onLanguage, disabled, faulty, compiled }: Props) {
  const [adding, setAdding] = useState(false);
  const sms = content.kind === 'sms';
  const put = (next: Partial<Writing>, about?: string) =>
    onChange(
      { ...content, writings: content.writings.map((one) => (one.language === writing.language ? { ...one, ...next } : one)) },
      about === undefined ? undefined : `${writing.language} ${about}`,
    );
  const { source } = writing;
  return (
    <fieldset disabled={disabled} className="space-y-4">
      <Tabs
        label="Languages"
        value={writing.language}
        onChange={onLanguage}
        items={content.writings.map((one, at) => ({
          value: one.language,
          label: `${languageName(one.language)}${at === 0 && content.writings.length > 1 ? ' (main)' : ''}`,
        }))}
        aside={
          <span className="flex items-center gap-1">
            {content.writings.length > 1 && writing !== content.writings[0] ? (
              <Button
                kind="quiet"
                size="sm"
                onClick={() => {
                  onChange({ ...content, writings: content.writings.filter((one) => one !== writing) });
                  onLanguage(content.writings[0]?.language ?? 'en');
                }}
              >
                <X /> Remove
              </Button>
            ) : null}
            <Button kind="quiet" size="sm" onClick={() => setAdding(true)}>
              <Plus /> Language
            </Button>
          </span>
        }
      />
      {adding ? (
        <LanguageDialog
          taken={content.writings.map((one) => one.language)}
          onClose={() => setAdding(false)}
          onChoose={(language) => {
            onChange({ ...content, writings: [...content.writings, { ...structuredClone(writing), language }] });
            onLanguage(language);
            setAdding(false);
          }}
        />
      ) : null}
      {sms ? null : (
        <div className="grid gap-3">
          <Field label="Subject">
            {(control) => (
              <Input
                {...control}
                name="subject"
                maxLength={500}
                value={writing.subject}
                onChange={(event) => put({ subject: event.target.value }, 'subject')}
              />
            )}
          </Field>
          <Field label="Preview line" optional hint="What inboxes show behind the subject.">
            {(control) => (
              <Input
                {...control}
                name="preheader"
                maxLength={300}
                value={writing.preheader}
                onChange={(event) => put({ preheader: event.target.value }, 'preheader')}
              />
            )}
          </Field>
        </div>
      )}
      <div className="flex flex-wrap items-end gap-3">
        {sms ? null : (
          <Field label="Written in" className="w-36">
            {(control) => (
              <Select
                {...control}
                value={source.mode}
                // one of the options below
                onChange={(event) => put({ source: asMode(source, event.target.value as Source['mode'], compiled.body, compiled.html) })}
              >
                {Object.entries(MODES).map(([mode, label]) => (
                  <option key={mode} value={mode}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <span className="flex-1" />
        {source.mode === 'blocks' ? (
          <ThemeFields theme={source.theme} onChange={(theme) => put({ source: { ...source, theme } }, 'theme')} />
        ) : null}
      </div>
      {source.mode === 'blocks' ? (
        <BlockList blocks={source.blocks} faulty={faulty} onChange={(blocks, about) => put({ source: { ...source, blocks } }, about)} />
      ) : source.mode === 'text' ? (
        <Code
          label={sms ? 'SMS' : 'Text'}
          hint="Liquid, strict: a gap that nobody fills blocks the message."
          value={source.text}
          rows={sms ? 6 : 18}
          onChange={(text) => put({ source: { ...source, text } }, 'text')}
        />
      ) : source.mode === 'html' ? (
        <>
          <Code
            label="HTML"
            hint="A whole page, or what stands inside a letter."
            value={source.html}
            rows={22}
            code
            onChange={(html) => put({ source: { ...source, html } }, 'html')}
          />
          <PlainText text={source.text} onChange={(text) => put({ source: { ...source, text } }, 'plain')} />
        </>
      ) : (
        <>
          <Code
            label="MJML"
            hint="Compiled to tables that every mail program shows, when it is published."
            value={source.mjml}
            rows={22}
            code
            onChange={(mjml) => put({ source: { ...source, mjml } }, 'mjml')}
          />
          <PlainText text={source.text} onChange={(text) => put({ source: { ...source, text } }, 'plain')} />
        </>
      )}
    </fieldset>
  );
}

function Code({
  label,
  hint,
  value,
  rows,
  code = false,
  onChange,
}: {
  label: string;
  hint: string;
  value: string;
  rows: number;
  code?: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <div className="space-y-1.5">
      <Field label={label} hint={hint}>
        {(control) => (
          <Textarea
            {...control}
            rows={rows}
            spellCheck={!code}
            className={code ? 'font-mono sm:text-xs' : ''}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <InsertName onInsert={(piece) => onChange(`${value}${piece}`)} />
    </div>
  );
}

/** Made of the HTML, unless somebody writes it. */
function PlainText({ text, onChange }: { text: string | null; onChange: (text: string | null) => void }) {
  if (text === null)
    return (
      <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
        The plain text is made of it.
        <Button kind="quiet" size="sm" onClick={() => onChange('')}>
          Write it instead
        </Button>
      </p>
    );
  return (
    <div className="space-y-1.5">
      <Field label="Plain text">
        {(control) => <Textarea {...control} rows={6} value={text} onChange={(event) => onChange(event.target.value)} />}
      </Field>
      <Button kind="quiet" size="sm" onClick={() => onChange(null)}>
        Make it of the HTML again
      </Button>
    </div>
  );
}
