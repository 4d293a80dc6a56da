import { useState } from 'react';
import { call, type Item, type Output } from '#web/kit/api.ts';
import { Page } from '#web/kit/page.tsx';
import { ChooseFile } from './import-file.tsx';
import { ImportMapping } from './import-mapping.tsx';
import { PastImports } from './import-past.tsx';
import { ImportResult } from './import-result.tsx';

export type Upload = Output<'imports.read'>;

const steps = ['File', 'Columns', 'Result'];

export function ImportPage() {
  const [upload, setUpload] = useState<Upload | null>(null);
  const [running, setRunning] = useState<string | null>(null);
  const at = running !== null ? 2 : upload !== null ? 1 : 0;
  const again = () => {
    setUpload(null);
    setRunning(null);
  };
  const open = async (past: Item<'imports.list'>) => {
    if (past.state === 'ready' || past.dry_run) setUpload(await call('imports.preview', { import_id: past.id }));
    else setRunning(past.id);
  };
  return (
    <Page
      title="Import"
      back={{ to: '/leads', label: 'Leads' }}
      lead="People, deals or products. Known ones are merged, gaps are filled, an opt-out is never undone. Nothing is sent by importing."
    >
      <ol aria-label="Steps" className="mb-6 flex gap-2 text-sm">
        {steps.map((step, index) => (
          <li key={step} aria-current={index === at ? 'step' : undefined} className={index === at ? 'font-medium' : 'text-ink-3'}>
            {index > 0 ? <span className="mr-2 text-ink-3">›</span> : null}
            {step}
          </li>
        ))}
      </ol>
      {running !== null ? (
        <ImportResult importId={running} onAgain={again} />
      ) : upload !== null ? (
        <ImportMapping key={upload.id} upload={upload} onBack={again} onStarted={() => setRunning(upload.id)} />
      ) : (
        <div className="max-w-3xl space-y-6">
          <ChooseFile onUploaded={setUpload} />
          <PastImports onOpen={(past) => void open(past)} />
        </div>
      )}
    </Page>
  );
}
