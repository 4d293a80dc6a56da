import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Page } from '#web/kit/page.tsx';
import { ChooseFile } from './import-file.tsx';
import { ImportMapping } from './import-mapping.tsx';
import { ImportResult } from './import-result.tsx';

export type Upload = Output<'imports.create'>;

const steps = ['File', 'Columns', 'Result'];

export function ImportPage() {
  const [upload, setUpload] = useState<Upload | null>(null);
  const [running, setRunning] = useState(false);
  const at = upload === null ? 0 : running ? 2 : 1;
  const again = () => {
    setUpload(null);
    setRunning(false);
  };
  return (
    <Page
      title="Import leads"
      back={{ to: '/leads', label: 'Leads' }}
      lead="Known people are merged, gaps are filled, an opt-out is never undone. Nothing is sent by importing."
    >
      <ol aria-label="Steps" className="mb-6 flex gap-2 text-sm">
        {steps.map((step, index) => (
          <li key={step} aria-current={index === at ? 'step' : undefined} className={index === at ? 'font-medium' : 'text-ink-3'}>
            {index > 0 ? <span className="mr-2 text-ink-3">›</span> : null}
            {step}
          </li>
        ))}
      </ol>
      {upload === null ? (
        <ChooseFile onUploaded={setUpload} />
      ) : running ? (
        <ImportResult importId={upload.id} onAgain={again} />
      ) : (
        <ImportMapping upload={upload} onBack={again} onStarted={() => setRunning(true)} />
      )}
    </Page>
  );
}
