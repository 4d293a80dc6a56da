import { Link } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { Avatar } from '../avatar.tsx';
import { EditableText } from './inline.tsx';

/** What a list does when one of its cells is typed into. */
export interface TypedCells<Row> {
  /** `row id` + `column`, of the cell that is typed into. */
  readonly editing: string | null;
  edit(row: Row, column: string): void;
  leave(): void;
  save(row: Row, column: string, value: string, next: boolean): void;
}

/** A cell of `row`, of the person called `of`, that is typed into. */
export function TypedCell<Row extends { readonly id: string }>({
  cells,
  row,
  of,
  column,
  label,
  value,
  shown,
  type,
}: {
  cells: TypedCells<Row>;
  row: Row;
  of: string;
  column: string;
  label: string;
  value: string;
  shown: ReactNode;
  type?: ComponentProps<typeof EditableText>['type'];
}) {
  return (
    <EditableText
      label={`${label} of ${of}`}
      value={value}
      shown={shown}
      {...(type === undefined ? {} : { type })}
      editing={cells.editing === `${row.id} ${column}`}
      onEdit={() => cells.edit(row, column)}
      onLeave={() => cells.leave()}
      onSave={(next, onwards) => cells.save(row, column, next, onwards)}
    />
  );
}

/** Who it is: picture and name, which lead to the person. */
export function PersonCell({ personId, name }: { personId: string; name: string }) {
  return (
    <span className="flex items-center gap-3">
      <Avatar name={name} size="sm" />
      <Link to="/people/$personId" params={{ personId }} tabIndex={-1} className="min-w-0 truncate font-medium hover:underline">
        {name}
      </Link>
    </span>
  );
}
