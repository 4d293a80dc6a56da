import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { edgeWords, endWords, ruleWords } from './words.ts';

type Person = Item<'rehearsals.people'>;

/** Those whom a template or a rule may trip over. */
export function EdgePeople({ rehearsalId, onOpen }: { rehearsalId: string; onOpen: (personId: string) => void }) {
  const people = useList('rehearsals.people', { rehearsal_id: rehearsalId, notable: true, limit: 24 });
  if (people.rows.length === 0) return null;
  return (
    <section aria-label="Worth a look first">
      <h2 className="mb-2 text-sm font-semibold">Worth a look first</h2>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {people.rows.map((person) => (
          <li key={person.person_id}>
            <button
              type="button"
              onClick={() => onOpen(person.person_id)}
              className="flex h-full w-full flex-col gap-1.5 rounded-xl border bg-panel p-3 text-left shadow-raise transition-colors hover:border-line-strong"
            >
              <span className="w-full truncate text-sm font-medium">{nameOf(person)}</span>
              <span className="flex flex-wrap gap-1">
                {person.edge.map((kind) => (
                  <Badge key={kind} tone="warn">
                    {edgeWords(kind)}
                  </Badge>
                ))}
              </span>
              <span className="mt-auto text-xs text-ink-2">{cameTo(person)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const nameOf = (person: Person): string => person.name || (person.email ?? 'Unnamed');

function cameTo(person: Person): string {
  if (person.outcome === 'left_out') return `Does not enter: ${endWords('left_out', person.detail ?? '').toLowerCase()}`;
  const mails = `${countOf(person.sent, 'mail')}${person.blocked > 0 ? `, ${count(person.blocked)} blocked` : ''}`;
  return `${mails} · ${endWords(person.outcome, person.detail ?? '').toLowerCase()}`;
}

type Filter = Readonly<Record<'outcome' | 'detail' | 'rule' | 'reached' | 'step' | 'edge', string | undefined>>;

/** The people behind a number. */
export function PeopleBehind({
  rehearsalId,
  filter,
  titles,
  onClear,
  onOpen,
}: {
  rehearsalId: string;
  filter: Filter;
  titles: ReadonlyMap<string, string>;
  onClear: () => void;
  onOpen: (personId: string) => void;
}) {
  const input = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  const people = useList('rehearsals.people', { rehearsal_id: rehearsalId, limit: 50, ...input });
  const says: ReactNode =
    filter.rule !== undefined
      ? `Kept back by “${ruleWords(filter.rule)}”`
      : filter.reached !== undefined
        ? `Come to “${titles.get(filter.reached) ?? filter.reached}”`
        : filter.step !== undefined
          ? `End or stay at “${titles.get(filter.step) ?? filter.step}”`
          : endWords(filter.outcome ?? '', filter.detail ?? '');
  return (
    <Panel
      title={says}
      flush
      aside={
        <Button size="icon" kind="quiet" aria-label="Close the list" onClick={onClear}>
          <X />
        </Button>
      }
    >
      <Listed list={people} failed="The people could not be loaded." skeleton={4} none={<Empty title="Nobody" />}>
        <>
          <ul className="divide-y">
            {people.rows.map((person) => (
              <li key={person.person_id}>
                <button
                  type="button"
                  onClick={() => onOpen(person.person_id)}
                  className="flex w-full flex-wrap items-center justify-between gap-x-4 gap-y-0.5 px-4 py-2 text-left text-sm hover:bg-hover"
                >
                  <span className="min-w-0 truncate font-medium">{nameOf(person)}</span>
                  <span className="text-xs text-ink-2">{cameTo(person)}</span>
                </button>
              </li>
            ))}
          </ul>
          {people.hasNextPage ? (
            <div className="border-t p-3">
              <Button busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
                More
              </Button>
            </div>
          ) : null}
        </>
      </Listed>
    </Panel>
  );
}
