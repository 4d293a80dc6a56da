import { useState } from 'react';
import { Page } from '#web/kit/page.tsx';
import { ChooseFile } from './import-file.tsx';
import { ImportMapping } from './import-mapping.tsx';
import { ImportResult } from './import-result.tsx';

const steps = ['File', 'Columns', 'Result'];

export function ImportPage() {
  const [importId, setImportId] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const at = importId === null ? 0 : running ? 2 : 1;
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
      {importId === null ? (
        <ChooseFile onUploaded={setImportId} />
      ) : running ? (
        <ImportResult
          importId={importId}
          onAgain={() => {
            setImportId(null);
            setRunning(false);
          }}
        />
      ) : (
        <ImportMapping importId={importId} onBack={() => setImportId(null)} onStarted={() => setRunning(true)} />
      )}
    </Page>
  );
}
