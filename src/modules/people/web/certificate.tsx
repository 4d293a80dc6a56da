import { useParams } from '@tanstack/react-router';
import { Download, Printer } from 'lucide-react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { saveFile } from './save-file.ts';

const back = { to: '/people/duplicates', label: 'People' } as const;

/** What was erased, when and by whom; to print or keep. Holds no personal data. */
export function CertificatePage() {
  const { erasureId } = useParams({ from: '/shell/people/erasures/$erasureId' });
  const found = useRead('erasures.get', { erasure_id: erasureId });
  const certificate = found.data;
  return (
    <Page
      title="Certificate of erasure"
      width="text"
      back={back}
      lead="Proof that somebody was erased (Art. 17 GDPR). It holds no personal data."
      actions={
        certificate === undefined ? null : (
          <div className="flex gap-2 print:hidden">
            <Button onClick={() => saveFile(`erasure-${certificate.id}.json`, 'application/json', JSON.stringify(certificate, null, 2))}>
              <Download /> JSON
            </Button>
            <Button onClick={() => window.print()}>
              <Printer /> Print
            </Button>
          </div>
        )
      }
    >
      {found.error !== null ? (
        <Failure what="The certificate could not be loaded." error={found.error} retry={() => void found.refetch()} />
      ) : certificate === undefined ? (
        <SkeletonLines lines={8} />
      ) : (
        <div className="space-y-4">
          <Panel title="What happened">
            <Facts
              rows={[
                ['Company', certificate.company_name],
                ['Erased', momentOf(certificate.erased_at)],
                [
                  'By',
                  certificate.erased_by ??
                    (certificate.cause === 'retention' ? 'the rule how long people are kept' : 'the start after a restore'),
                ],
                [
                  'Former id',
                  <code key="f" className="text-xs break-all">
                    {certificate.former_id}
                  </code>,
                ],
                [
                  'Certificate',
                  <code key="c" className="text-xs break-all">
                    {certificate.id}
                  </code>,
                ],
                ...(certificate.in_flight === 0
                  ? []
                  : ([['On its way', `${certificate.in_flight} mail was being handed over and could not be stopped`]] as const)),
              ]}
            />
          </Panel>
          <Panel title={`${certificate.rows} rows in ${certificate.tables.length} tables`} flush>
            <ul className="divide-y text-sm">
              {certificate.tables.map((entry) => (
                <li key={`${entry.table}-${entry.what}`} className="flex items-center gap-3 px-4 py-2">
                  <code className="min-w-0 flex-1 truncate text-xs">{entry.table}</code>
                  <Badge tone={entry.what === 'deleted' ? 'neutral' : 'accent'}>{entry.what}</Badge>
                  <span className="num w-14 text-right">{entry.rows}</span>
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title="What stays">
            <p className="text-sm text-ink-2">
              A keyed hash of each address. Nobody can read the address from it; it only keeps the address from being written to again.
            </p>
            <ul className="mt-3 space-y-1">
              {certificate.address_hashes.map((hash) => (
                <li key={hash}>
                  <code className="text-xs break-all text-ink-2">{hash}</code>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      )}
    </Page>
  );
}
