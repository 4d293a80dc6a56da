import { call } from '#web/kit/api.ts';
import { useKeptDraft } from '#web/kit/kept-draft.ts';
import { changesOf, type Content } from './content.ts';

/** The draft of a template, kept on the server as it is here. */
export const useDraft = (key: string, value: Content, version: string | null, may: boolean) =>
  useKeptDraft({
    value,
    saved: value,
    version,
    may,
    put: (content, ifMatch) => call('templates.save_draft', { key, content: changesOf(content) }, ifMatch === null ? {} : { ifMatch }),
  });
