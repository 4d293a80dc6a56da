import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, type ApiError, type Input, type Output } from '#web/kit/api.ts';
import { Panel } from '#web/kit/panel.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { Grade } from '#web/kit/grade.tsx';

type Draft = Input<'scores.preview'>;
type Seen = Output<'scores.preview'>;

const PAUSE_MS = 400;

/** With these rules these people change grade; asked anew whenever the rules rest for a moment. */
export function Preview({ draft }: { draft: Draft }) {
  const text = JSON.stringify(draft);
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const preview = useQuery<Seen, ApiError>({
    queryKey: ['scores.preview', rested],
    queryFn: ({ signal }) => call('scores.preview', JSON.parse(rested), { signal }),
    placeholderData: (old) => old,
  });
  return (
    <Panel title="With these rules" aside={preview.isFetching ? <span className="text-xs text-ink-3">Working it out…</span> : null}>
      {preview.data === undefined ? (
        preview.error === null ? (
          <SkeletonLines lines={6} />
        ) : (
          <Failure what="The preview could not be made." error={preview.error} retry={() => void preview.refetch()} className="py-6" />
        )
      ) : (
        <Found seen={preview.data} />
      )}
    </Panel>
  );
}

const grades = [
  ['A', 'a'],
  ['B', 'b'],
  ['C', 'c'],
  ['D', 'd'],
] as const;

function Found({ seen }: { seen: Seen }) {
  return (
    <div className="space-y-4">
      <table className="w-full text-sm">
        <thead className="text-left text-xs text-ink-3">
          <tr>
            <th className="pb-1 font-normal">Grade</th>
            <th className="pb-1 text-right font-normal">Now</th>
            <th className="pb-1 text-right font-normal">Then</th>
          </tr>
        </thead>
        <tbody>
          {grades.map(([grade, key]) => (
            <tr key={grade}>
              <td className="py-0.5">
                <Grade grade={grade} />
              </td>
              <td className="num text-right text-ink-2">{seen.before[key].toLocaleString('en')}</td>
              <td className="num text-right font-medium">{seen.after[key].toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-xs text-ink-3">
        {seen.all
          ? `Of ${seen.looked.toLocaleString('en')} open ${seen.looked === 1 ? 'lead' : 'leads'}.`
          : `Of the ${seen.looked.toLocaleString('en')} open leads that changed last.`}
      </p>
      {seen.looked === 0 ? (
        <p className="text-sm text-ink-2">
          There is no open lead to try the rules on.{' '}
          <Link to="/leads" search={{ add: '1' }} className="underline underline-offset-2">
            Add one
          </Link>
        </p>
      ) : seen.changing === 0 ? (
        <p className="text-sm text-ink-2">Nobody changes grade.</p>
      ) : (
        <div>
          <h3 className="mb-1.5 text-sm font-medium">
            {seen.changing.toLocaleString('en')} {seen.changing === 1 ? 'lead changes' : 'leads change'} grade
          </h3>
          <ul className="max-h-80 space-y-1 overflow-y-auto">
            {seen.changes.map((change) => (
              <li key={change.lead_id} className="flex items-center gap-2 text-sm">
                <Link to="/people/$personId" params={{ personId: change.person_id }} className="min-w-0 flex-1 truncate hover:underline">
                  {change.name}
                </Link>
                <Grade grade={change.from.grade} score={change.from.score} />
                <span className="text-ink-3" aria-label="becomes">
                  →
                </span>
                <Grade grade={change.to.grade} score={change.to.score} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
