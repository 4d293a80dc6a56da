import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Input, Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import type { ChoosableColumn } from '#web/kit/list/columns.tsx';
import type { CustomField } from '#web/kit/list/custom-filter.ts';
import { PersonCell, TypedCell, type TypedCells } from '#web/kit/list/person-cells.tsx';
import { When } from '#web/kit/time.tsx';

export type Person = Item<'people.list'>;

const dash = <span className="text-ink-3">–</span>;

export function nameOf(person: Person): string {
  return person.full_name || person.email || person.phone || 'Unnamed';
}

export interface CellActions extends TypedCells<Person> {
  /** What the owner is called. */
  ownerOf: (id: string | null) => string | undefined;
}

const OWN = 'custom.';

/** Columns that are typed into. */
export const isTyped = (column: string) => ['name', 'email', 'phone', 'organisation'].includes(column) || column.startsWith(OWN);

/** What a typed value means to the server, and how the row looks until it answers. Null: nothing changed, or it can't be so. */
export function changeOfCell(
  person: Person,
  column: string,
  value: string,
): { input: Omit<Input<'people.update'>, 'person_id'>; patch: Partial<Person> } | null {
  const now = value === '' ? null : value;
  if (column === 'name')
    return value === '' || value === person.full_name ? null : { input: { full_name: value }, patch: { full_name: value } };
  if (column === 'email') return value === '' || value === person.email ? null : { input: { email: value }, patch: { email: value } };
  if (column === 'phone') return now === person.phone ? null : { input: { phone: now }, patch: { phone: now } };
  if (column === 'organisation') {
    if (value === (person.organisation?.name ?? '')) return null;
    return now === null
      ? { input: { organisation_id: null }, patch: { organisation: null } }
      : { input: { organisation: now }, patch: { organisation: { id: person.organisation?.id ?? person.id, name: now } } };
  }
  const key = column.slice(OWN.length);
  const old = person.custom[key];
  if (value === (old === undefined || old === null ? '' : String(old))) return null;
  return { input: { custom: { [key]: now } }, patch: { custom: { ...person.custom, ...(now === null ? {} : { [key]: now }) } } };
}

/** All that the list of people can show. */
export function peopleColumns(actions: CellActions, custom: readonly CustomField[]): ChoosableColumn<Person>[] {
  const { ownerOf } = actions;
  const text = (
    person: Person,
    column: string,
    label: string,
    value: string,
    shown: ReactNode,
    type?: 'text' | 'number' | 'date' | 'url',
  ) => (
    <TypedCell
      cells={actions}
      row={person}
      of={nameOf(person)}
      {...{ column, label, value, shown }}
      {...(type === undefined ? {} : { type })}
    />
  );
  return [
    {
      key: 'name',
      title: 'Name',
      header: 'Name',
      width: 250,
      always: true,
      sort: 'name',
      cell: (person) => text(person, 'name', 'Name', person.full_name, <PersonCell personId={person.id} name={nameOf(person)} />),
    },
    {
      key: 'email',
      title: 'Email',
      header: 'Email',
      width: 240,
      shown: true,
      className: 'text-ink-2',
      cell: (person) => text(person, 'email', 'Email', person.email ?? '', person.email ?? dash),
    },
    {
      key: 'phone',
      title: 'Phone',
      header: 'Phone',
      width: 140,
      shown: true,
      className: 'hidden xl:table-cell text-ink-2',
      cell: (person) => text(person, 'phone', 'Phone', person.phone ?? '', person.phone ?? dash),
    },
    {
      key: 'organisation',
      title: 'Organisation',
      header: 'Organisation',
      width: 160,
      shown: true,
      className: 'hidden md:table-cell',
      cell: (person) =>
        text(
          person,
          'organisation',
          'Organisation',
          person.organisation?.name ?? '',
          person.organisation === null ? (
            dash
          ) : (
            <Link
              to="/organisations/$organisationId"
              params={{ organisationId: person.organisation.id }}
              tabIndex={-1}
              className="hover:underline"
            >
              {person.organisation.name}
            </Link>
          ),
        ),
    },
    {
      key: 'owner',
      title: 'Owner',
      header: 'Owner',
      width: 130,
      shown: true,
      className: 'hidden lg:table-cell',
      cell: (person) => ownerOf(person.owner_id) ?? dash,
    },
    {
      key: 'tags',
      title: 'Tags',
      header: 'Tags',
      width: 150,
      shown: true,
      className: 'hidden lg:table-cell',
      cell: (person) =>
        person.tags.length === 0 ? (
          dash
        ) : (
          <span className="flex gap-1">
            {person.tags.slice(0, 3).map((tag) => (
              <Badge key={tag.id}>{tag.name}</Badge>
            ))}
          </span>
        ),
    },
    {
      key: 'opted',
      title: 'Opted out',
      header: 'Opted out',
      width: 100,
      cell: (person) => (person.opted_out_at === null ? dash : <When at={person.opted_out_at} />),
    },
    {
      key: 'created',
      title: 'Added',
      header: 'Added',
      width: 100,
      shown: true,
      sort: 'created_at',
      sortDown: true,
      className: 'hidden lg:table-cell',
      cell: (person) => <When at={person.created_at} />,
    },
    {
      key: 'updated',
      title: 'Changed',
      header: 'Changed',
      width: 100,
      sort: 'updated_at',
      sortDown: true,
      cell: (person) => <When at={person.updated_at} />,
    },
    ...custom.map((field): ChoosableColumn<Person> => {
      const type = field.type === 'number' || field.type === 'date' || field.type === 'url' ? field.type : 'text';
      return {
        key: `${OWN}${field.key}`,
        title: field.label,
        header: field.label,
        width: 130,
        className: 'text-ink-2',
        cell: (person) => {
          const value = person.custom[field.key];
          const shown = value === undefined || value === null ? '' : String(value);
          return text(person, `${OWN}${field.key}`, field.label, shown, shown === '' ? dash : shown, type);
        },
      };
    }),
  ];
}
