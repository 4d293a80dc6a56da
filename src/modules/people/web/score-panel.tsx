import { Link } from '@tanstack/react-router';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { ago } from '#web/kit/time.tsx';
import { Grade } from '#web/kit/grade.tsx';
import { Spark } from './spark.tsx';

/** How promising this person is as a lead, and why. Nothing for who is no lead. */
export function ScorePanel({ personId }: { personId: string }) {
  const found = useRead('scores.of_person', { person_id: personId });
  const learned = useRead('conversion.of_person', { person_id: personId });
  const conversion = learned.data?.conversion ?? null;
  const score = found.data?.score;
  if (score === undefined || score === null) return null;
  return (
    <Panel
      title="Score"
      aside={
        <span className="flex items-center gap-2">
          <span className="num text-sm font-semibold">{score.score}</span>
          <Grade grade={score.grade} />
        </span>
      }
    >
      <div className="space-y-3">
        {score.reasons.length === 0 ? (
          <p className="text-sm text-ink-2">
            No rule speaks for this lead yet. A reply or a form raises the score.{' '}
            <Link to="/settings/score" className="underline underline-offset-2">
              See the rules
            </Link>
          </p>
        ) : (
          <ul className="space-y-1.5">
            {score.reasons.map((reason) => (
              <li key={reason.rule_id} className="flex items-baseline gap-2 text-sm">
                <span className="min-w-0 flex-1">
                  {reason.title}
                  <span className="text-xs text-ink-3">
                    {reason.count > 1 ? ` · ${reason.count} times` : ''}
                    {reason.at === null ? '' : ` · ${ago(reason.at)}`}
                  </span>
                </span>
                <span className={reason.points < 0 ? 'num text-bad' : 'num text-ink-2'}>
                  {reason.points > 0 ? '+' : '−'}
                  {Math.abs(reason.points)}
                </span>
              </li>
            ))}
          </ul>
        )}
        <Spark points={score.history} />
        {conversion === null ? null : (
          <section aria-label="Chance to convert" className="border-t pt-3">
            <h3 className="flex items-baseline justify-between text-sm">
              Chance to convert <span className="num font-semibold">{Math.round(conversion.chance * 100)} %</span>
            </h3>
            <ul className="mt-1.5 space-y-1 text-xs text-ink-2">
              {conversion.reasons.map((reason) => (
                <li key={reason.title} className="flex justify-between gap-2">
                  {reason.title}
                  <span className={reason.share < 0 ? 'text-bad' : 'text-ok'}>{reason.share < 0 ? 'against' : 'for'}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Panel>
  );
}
