import type { ReactNode } from 'react';
import { Changes } from './changes.tsx';
import { piecesOf } from './proposal.ts';
import type { Row } from './words.ts';

/** A proposal to be read: a letter as a letter. With `approved` instead, which words were changed. */
export function ProposalView({ proposed, approved = null }: { proposed: Row['proposed']; approved?: Row['proposed'] }) {
  const before = piecesOf(proposed);
  const after = piecesOf(approved ?? proposed);
  return (
    <div className="space-y-2">
      {after.pieces.map((piece) => {
        const was = before.pieces.find((one) => one.key === piece.key)?.value ?? '';
        const label = piece.key === '' ? 'Approved with these changes' : `${piece.label}, with changes`;
        if (approved !== null && was !== piece.value) return <Changes key={piece.key} before={was} after={piece.value} label={label} />;
        return (
          <div key={piece.key} className="rounded-lg bg-sunken px-3 py-2">
            {piece.key === '' ? null : <p className="mb-0.5 text-2xs font-medium text-ink-3">{piece.label}</p>}
            <p
              tabIndex={0}
              role="region"
              aria-label={piece.label}
              className="max-h-80 overflow-auto text-sm break-words whitespace-pre-wrap"
            >
              {piece.value}
            </p>
          </div>
        );
      })}
      {after.rest === '' ? null : approved !== null && before.rest !== after.rest ? (
        <Changes
          before={before.rest}
          after={after.rest}
          label={after.pieces.length === 0 ? 'Approved with these changes' : 'Details, with changes'}
        />
      ) : (
        <Details open={after.pieces.length === 0}>
          <pre tabIndex={0} className="max-h-60 overflow-auto rounded-lg bg-sunken px-3 py-2 text-xs break-words whitespace-pre-wrap">
            {after.rest}
          </pre>
        </Details>
      )}
    </div>
  );
}

/** What is for programs, out of the way unless there is nothing else. */
export function Details({ open, children }: { open: boolean; children: ReactNode }) {
  if (open) return children;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-xs text-ink-2">Details as JSON</summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}
