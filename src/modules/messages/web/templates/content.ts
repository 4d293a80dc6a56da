import type { Input, Output } from '#web/kit/api.ts';

export type Whole = Output<'templates.get'>;
export type Source = Whole['source'];
export type Blocks = Extract<Source, { mode: 'blocks' }>;
export type Block = Blocks['blocks'][number];
export type Leaf = Exclude<Block, { type: 'columns' }>;
export type Theme = Blocks['theme'];
export type Attachment = Whole['attachments'][number];

/** One language of it. */
export interface Writing {
  language: string;
  subject: string;
  preheader: string;
  source: Source;
}

/** A template as it is on the page; everything shown follows from it. The main language comes first. */
export interface Content {
  title: string;
  kind: Whole['kind'];
  class: Whole['class'];
  writings: Writing[];
  attachments: Attachment[];
}

/** What is being worked on: the draft where there is one, else what is published. */
export function contentOf(whole: Whole): Content {
  const draft = whole.draft?.content;
  const main: Writing = {
    language: draft?.language ?? whole.language,
    subject: draft?.subject ?? whole.subject,
    preheader: draft?.preheader ?? whole.preheader,
    source: draft?.source ?? whole.source,
  };
  const variants = draft?.variants ?? whole.variants;
  const kept = draft?.attachments;
  return {
    title: draft?.title ?? whole.title,
    kind: draft?.kind ?? whole.kind,
    class: draft?.class ?? whole.class,
    writings: [main, ...variants],
    attachments:
      kept === undefined
        ? whole.attachments
        : kept.flatMap((one) => ({
            content_type: '',
            size: 0,
            ...whole.attachments.find((known) => known.attachment_id === one.attachment_id),
            ...one,
            filename: one.filename ?? 'File',
          })),
  };
}

type Changes = Input<'templates.save_draft'>['content'];

/** As the operations take it. */
export function changesOf(content: Content): Changes {
  const [main, ...variants] = content.writings;
  return {
    title: content.title,
    kind: content.kind,
    class: content.class,
    ...(main === undefined ? {} : main),
    variants,
    attachments: content.attachments.map(({ attachment_id, filename }) => ({ attachment_id, filename })),
  };
}

let last = 0;
/** A word for a new block, once on this page. */
export const newBlockId = () => `b${Date.now().toString(36)}${(last++).toString(36)}`;

export const THEME: Theme = { accent: '#1d4ed8', background: '#f4f4f5', surface: '#ffffff', text: '#18181b', font: 'system' };

export function newBlock(type: Block['type']): Block {
  const id = newBlockId();
  switch (type) {
    case 'heading':
      return { id, type, text: '', level: 1, align: 'left' };
    case 'text':
      return { id, type, text: '', align: 'left' };
    case 'button':
      return { id, type, label: '', url: '', align: 'left' };
    case 'image':
      return { id, type, src: '', alt: '', url: '', width: 552, align: 'center' };
    case 'divider':
      return { id, type };
    case 'spacer':
      return { id, type, height: 24 };
    case 'snippet':
      return { id, type, key: '' };
    case 'html':
      return { id, type, html: '' };
    case 'columns':
      return {
        id,
        type,
        widths: 'equal',
        columns: [
          [{ id: newBlockId(), type: 'text', text: '', align: 'left' }],
          [{ id: newBlockId(), type: 'text', text: '', align: 'left' }],
        ],
      };
  }
}

/** The same in blocks: a text becomes one of them, HTML stays HTML. */
export function asMode(source: Source, mode: Source['mode'], body: string, html: string | null): Source {
  if (source.mode === mode) return source;
  switch (mode) {
    case 'text':
      return { mode, text: source.mode === 'html' || source.mode === 'mjml' ? (source.text ?? body) : body };
    case 'blocks': {
      const id = newBlockId();
      const first: Block =
        source.mode === 'text'
          ? { id, type: 'text', text: source.text, align: 'left' }
          : { id, type: 'html', html: source.mode === 'html' ? source.html : '' };
      return { mode, theme: THEME, blocks: [first] };
    }
    case 'html':
      return { mode, html: html ?? '<p>Hello</p>', text: null };
    case 'mjml':
      return {
        mode,
        mjml: `<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text>${source.mode === 'text' ? source.text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\n/g, '<br />\n') : 'Hello'}</mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>`,
        text: null,
      };
  }
}
