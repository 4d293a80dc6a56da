import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Input } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

export function AuditSettings() {
  const [operation, setOperation] = useState('');
  const entries = useList('audit.list', { limit: 100, ...(operation.trim() === '' ? {} : { operation: operation.trim() }) });
  return (
    <Panel
      title="What was done"
      flush
      aside={
        <Input
          type="search"
          aria-label="Only this operation"
          placeholder="Operation, such as leads.update"
          className="w-full sm:w-64"
          value={operation}
          onChange={(event) => setOperation(event.target.value)}
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
                <th scope="col" className="h-9 w-[30%] px-3 font-medium">
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
                <tr key={entry.id} className="h-11">
                  <td className="truncate px-4 font-mono text-xs">{entry.operation}</td>
                  <td className="truncate px-3">{entry.actor_name ?? entry.actor_kind}</td>
                  <td className="num hidden truncate px-3 text-ink-2 md:table-cell">
                    {entry.face} {entry.ip}
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
