import { useEffect, useRef, useState } from 'react';
import { ApiError, call } from '#web/kit/api.ts';
import { Panel } from '#web/kit/panel.tsx';
import { Note } from '#web/kit/states.tsx';
import type { Draft } from './draft.ts';

const QUIET_MS = 350;
const LEAST_HEIGHT = 320;

/** The page itself, drawn by the server from what stands in the editor; steps and conditions work, sending does not. */
export function Preview({ draft, onFaults }: { draft: Draft; onFaults: (error: ApiError | null) => void }) {
  const [html, setHtml] = useState('');
  const [reason, setReason] = useState<string | null>(null);
  const [height, setHeight] = useState(LEAST_HEIGHT);
  const frame = useRef<HTMLIFrameElement>(null);
  const told = useRef(onFaults);
  told.current = onFaults;
  const { title, intro, language, fields, steps, consent_wording, consent_required, submit_label } = draft;
  const wanted = JSON.stringify({ title, intro, language, fields, steps, consent_wording, consent_required, submit_label });

  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      // The text is what was a draft a moment ago.
      const input = JSON.parse(wanted) as Pick<
        Draft,
        'title' | 'intro' | 'language' | 'fields' | 'steps' | 'consent_wording' | 'consent_required' | 'submit_label'
      >;
      call('forms.preview', input, { signal: abort.signal })
        .then((answer) => {
          setHtml(answer.html);
          setReason(null);
          told.current(null);
        })
        .catch((error: unknown) => {
          if (abort.signal.aborted || !(error instanceof ApiError)) return;
          setReason(error.message);
          if (error.status === 422) told.current(error);
        });
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [wanted]);

  useEffect(() => {
    const hear = (event: MessageEvent<unknown>) => {
      if (event.source !== frame.current?.contentWindow || typeof event.data !== 'object' || event.data === null) return;
      const asked: unknown = Reflect.get(event.data, 'height');
      if (typeof asked === 'number' && asked > 0) setHeight(Math.min(2_000, Math.max(LEAST_HEIGHT, Math.ceil(asked))));
    };
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, []);

  return (
    <Panel title="Preview" flush>
      {reason === null ? null : (
        <Note tone="warn" className="m-3">
          {reason}
        </Note>
      )}
      {/* A new frame for each text: changing srcdoc would add a step to the browser's history. */}
      <iframe
        key={html}
        ref={frame}
        title="Preview of the form"
        sandbox="allow-scripts"
        srcDoc={html}
        style={{ height }}
        className="block w-full rounded-b-xl bg-canvas"
      />
    </Panel>
  );
}
