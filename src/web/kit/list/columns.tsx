import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Checkbox, Input } from '../field.tsx';
import type { Column } from '../table.tsx';

/** A column as somebody wants it. */
export interface ColumnChoice {
  key: string;
  width?: number | undefined;
}

export interface ChoosableColumn<Row> extends Column<Row> {
  title: string;
  width: number;
  /** Shown until somebody chooses. */
  shown?: boolean;
  /** Cannot be hidden. */
  always?: boolean;
}

/** What is shown, in order: as chosen, else as the list comes. */
export function shownColumns<Row>(all: readonly ChoosableColumn<Row>[], chosen: readonly ColumnChoice[]): ChoosableColumn<Row>[] {
  if (chosen.length === 0) return all.filter((column) => column.always === true || column.shown === true);
  const picked = chosen.flatMap(({ key, width }) => {
    const column = all.find((one) => one.key === key);
    return column === undefined ? [] : [width === undefined ? column : { ...column, width }];
  });
  const missing = all.filter((column) => column.always === true && !picked.some((one) => one.key === column.key));
  return [...missing, ...picked];
}

/** Show, hide, order and width. Every step works with keys alone. */
export function ColumnChooser<Row>({
  all,
  chosen,
  onChange,
}: {
  all: readonly ChoosableColumn<Row>[];
  chosen: readonly ColumnChoice[];
  onChange: (chosen: ColumnChoice[]) => void;
}) {
  const [open, setOpen] = useState(false);
  const shown = shownColumns(all, chosen);
  const asChoice = (columns: readonly ChoosableColumn<Row>[]) => columns.map(({ key, width }) => ({ key, width }));
  const hidden = all.filter((column) => !shown.some((one) => one.key === column.key));
  const swap = (index: number, by: number) => {
    const next = [...shown];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(index + by, 0, moved);
    onChange(asChoice(next));
  };
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)} aria-label="Columns">
        <Columns3 /> <span className="hidden sm:inline">Columns</span>
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Columns"
        description="What the list shows, in this order. Widths are shares of the page."
        footer={
          <>
            <Button onClick={() => onChange([])}>As they came</Button>
            <Button kind="primary" onClick={() => setOpen(false)}>
              Done
            </Button>
          </>
        }
      >
        <ul className="divide-y">
          {shown.map((column, index) => (
            <li key={column.key} className="flex items-center gap-2 py-1">
              <Checkbox
                label={column.title}
                className="flex-1"
                checked
                disabled={column.always === true}
                onCheckedChange={() => onChange(asChoice(shown.filter((one) => one.key !== column.key)))}
              />
              <Input
                type="number"
                aria-label={`Width of ${column.title}`}
                className="w-20"
                min={60}
                max={800}
                step={10}
                value={column.width}
                onChange={(event) => {
                  const width = Number(event.target.value);
                  if (width >= 40 && width <= 1_200)
                    onChange(asChoice(shown.map((one) => (one.key === column.key ? { ...one, width } : one))));
                }}
              />
              <Button
                kind="quiet"
                size="icon"
                aria-label={`Move ${column.title} up`}
                disabled={index === 0}
                onClick={() => swap(index, -1)}
              >
                <ArrowUp />
              </Button>
              <Button
                kind="quiet"
                size="icon"
                aria-label={`Move ${column.title} down`}
                disabled={index === shown.length - 1}
                onClick={() => swap(index, 1)}
              >
                <ArrowDown />
              </Button>
            </li>
          ))}
          {hidden.map((column) => (
            <li key={column.key} className="flex h-10 items-center">
              <Checkbox
                label={column.title}
                className="flex-1"
                checked={false}
                onCheckedChange={() => onChange(asChoice([...shown, column]))}
              />
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
