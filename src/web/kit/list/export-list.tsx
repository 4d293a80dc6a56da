import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import { Button } from '../button.tsx';
import { ExportDialog, type ExportFilter, type ExportWhat } from '../export-dialog.tsx';
import { count as number } from '../format.ts';
import { useMay } from '../session.ts';

/** What the server takes by id, at once. */
export const MOST_IDS = 10_000;

/** Says so when fewer are taken than were meant. */
export function sayWhenCut(taken: number, meant: number, done: string): void {
  if (meant > taken) toast(`The first ${number(taken)} of ${number(meant)} are ${done}: no more go at once.`, { duration: 15_000 });
}

/** Exports what the list shows: by its filter where the export knows it, else row by row. Nothing for those who may not export. */
export function ExportList({
  what,
  filter,
  count,
  readIds,
}: {
  what: ExportWhat;
  /** Null: the export does not know this filter. */
  filter: ExportFilter | null;
  count: number | undefined;
  /** Person ids of the rows, MOST_IDS at most. */
  readIds: () => Promise<string[]>;
}) {
  const may = useMay('manager');
  const [open, setOpen] = useState<{ filter: ExportFilter; rows: number | undefined } | null>(null);
  const [busy, setBusy] = useState(false);
  if (!may) return null;
  const start = async () => {
    if (filter !== null) return setOpen({ filter, rows: count });
    setBusy(true);
    try {
      const ids = await readIds();
      if (ids.length === 0) return toast('Nobody is shown, so there is nothing to export.');
      sayWhenCut(ids.length, count ?? 0, 'exported');
      setOpen({ filter: { person_ids: [...new Set(ids)] }, rows: ids.length });
    } catch (error) {
      toast.error(error instanceof Error ? error.message : 'The rows could not be read.');
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button busy={busy} onClick={() => void start()}>
        <Download /> Export
      </Button>
      {open === null ? null : (
        <ExportDialog
          open
          onClose={() => setOpen(null)}
          what={what}
          filter={open.filter}
          {...(open.rows === undefined ? {} : { rows: open.rows })}
        />
      )}
    </>
  );
}
