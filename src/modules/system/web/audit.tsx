import { ScrollText } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Input } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

const kinds: Record<string, string> = {
  engine: 'Steward itself',
  operator: 'On the server',
  public: 'Nobody signed in',
  key: 'A key',
  user: 'Somebody',
};
const faces: Record<string, string> = { rest: 'API', web: 'Page', cli: 'Command', mcp: 'Model' };
const whoOf = ({ actor_name: name, actor_kind: kind }: Item<'audit.list'>) => name ?? kinds[kind] ?? kind;

export function AuditSettings() {
  const [words, setWords] = useState('');
  const q = useDeferredValue(words.trim());
  const entries = useList('audit.list', { limit: 100, ...(q === '' ? {} : { q }) });
  return (
    <Panel
      title="What was done"
      flush
      aside={
        <Input
          type="search"
          aria-label="Only what is called so"
          placeholder="Words, such as invoice"
          className="w-full sm:w-64"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      }
    >
      <Listed
        list={entries}
        failed="The audit log could not be loaded."
        none={
          <Empty icon={<ScrollText />} title="Nothing by that name">
            Every change is written here: who, what, from where.
          </Empty>
        }
      >
        <>
          <table className="w-full table-fixed text-sm">
            <thead className="text-left text-xs text-ink-3">
              <tr>
                <th scope="col" className="h-9 px-4 font-medium">
                  What
                </th>
                <th scope="col" className="hidden h-9 w-[22%] px-3 font-medium sm:table-cell">
                  Who
                </th>
                <th scope="col" className="hidden h-9 w-36 px-3 font-medium md:table-cell">
                  From
                </th>
                <th scope="col" className="h-9 w-24 px-3 pr-4 font-medium sm:w-32">
                  When
                </th>
              </tr>
            </thead>
            <tbody className="divide-y border-t">
              {entries.rows.map((entry) => (
                <tr key={entry.id}>
                  <td className="px-4 py-2">
                    <div className="line-clamp-2" title={entry.says}>
                      {entry.says}
                    </div>
                    <div className="truncate text-2xs text-ink-3">
                      <span className="sm:hidden">{whoOf(entry)} · </span>
                      <span className="font-mono">{entry.operation}</span>
                    </div>
                  </td>
                  <td className="hidden truncate px-3 sm:table-cell">{whoOf(entry)}</td>
                  <td className="num hidden truncate px-3 text-ink-2 md:table-cell">
                    {faces[entry.face] ?? entry.face} {entry.ip}
                  </td>
                  <td className="px-3 pr-4">
                    <When at={entry.created_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {entries.hasNextPage ? (
            <div className="border-t p-3 text-center">
              <Button busy={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
                Show older
              </Button>
            </div>
          ) : null}
        </>
      </Listed>
    </Panel>
  );
}
