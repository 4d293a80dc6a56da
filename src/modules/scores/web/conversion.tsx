import { Sparkles } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Failure } from '#web/kit/states.tsx';
import { dayOf } from '#web/kit/time.tsx';

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(0)} %`);
const auc = (value: number | null) => (value === null ? '–' : value.toFixed(3));

/** What was learned about which leads convert, and how far it can be trusted. */
export function ConversionPanel() {
  const may = useMay('manager');
  const found = useRead('conversion.model', {});
  const train = useAct('conversion.train', {
    refresh: ['conversion'],
    done: (attempt) => (attempt.took_over ? 'Learned. Every open lead is told anew within a day.' : attempt.reason),
  });
  if (found.error !== null)
    return <Failure what="What was learned could not be loaded." error={found.error} retry={() => void found.refetch()} />;
  const serving = found.data?.serving ?? null;
  const most = Math.max(0.1, ...(serving?.weights ?? []).map(({ weight }) => Math.abs(weight)));
  return (
    <Panel
      title="Chance to convert"
      aside={
        may ? (
          <Button size="sm" busy={train.isPending} onClick={() => train.mutate({})}>
            <Sparkles /> Learn now
          </Button>
        ) : null
      }
    >
      {found.data === undefined ? (
        <SkeletonLines lines={4} />
      ) : (
        <div className="space-y-5 text-sm">
          <p className="text-ink-2">
            Learned every day from leads whose outcome is known: who converts within {found.data.horizon_days} days. It is judged on the
            newest quarter of them, which it never saw, and a worse one never takes over. The chance and its reasons stand on each person;
            segments can ask for it.
          </p>
          {serving === null ? (
            <p>{found.data.attempts[0]?.reason ?? 'Nothing was learned yet: it begins with the first lead that converts.'}.</p>
          ) : (
            <>
              <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
                <Figure label="AUC on leads it never saw" value={auc(serving.auc)} hint="0.5 is a coin, 1 is never wrong" />
                <Figure label="cases it learned from" value={count(serving.examples)} hint={`${count(serving.positives)} converted`} />
                <Figure label="cases held back" value={count(serving.held)} />
                <Figure label="learned on" value={dayOf(serving.trained_at)} />
              </div>
              <div className="grid gap-6 md:grid-cols-2">
                <table className="num w-full self-start">
                  <caption className="pb-1 text-left text-xs font-medium text-ink-2">
                    Does it keep its word? Fifths of the leads it never saw
                  </caption>
                  <thead>
                    <tr className="text-xs text-ink-3">
                      <th scope="col" className="py-1 text-left font-medium">
                        Leads
                      </th>
                      <th scope="col" className="py-1 text-right font-medium">
                        It said
                      </th>
                      <th scope="col" className="py-1 text-right font-medium">
                        Converted
                      </th>
                    </tr>
                  </thead>
                  <tbody className="divide-y">
                    {serving.reliability.map((part) => (
                      <tr key={part.said}>
                        <th scope="row" className="py-1 text-left font-normal">
                          {count(part.of)}
                        </th>
                        <td className="py-1 text-right">{percent(part.said)}</td>
                        <td className="py-1 text-right">{percent(part.happened)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <div>
                  <h3 className="pb-1 text-xs font-medium text-ink-2">What counts</h3>
                  <ul className="space-y-1.5">
                    {serving.weights.map(({ feature, weight }) => (
                      <li key={feature} className="grid grid-cols-[1fr_6rem_3rem] items-center gap-2">
                        <span>{feature}</span>
                        <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
                          <span
                            className={`block h-full rounded-full ${weight > 0 ? 'bg-ok-dot' : 'bg-bad-dot'}`}
                            style={{ width: `${(Math.abs(weight) / most) * 100}%` }}
                          />
                        </span>
                        <span className="num text-right text-ink-2">
                          {weight > 0 ? '+' : '−'}
                          {Math.abs(weight).toFixed(2)}
                        </span>
                      </li>
                    ))}
                  </ul>
                </div>
              </div>
            </>
          )}
          {found.data.attempts.length === 0 ? null : (
            <details>
              <summary className="text-ink-2 hover:text-ink">Every time it learned</summary>
              <ul className="mt-2 space-y-1 text-xs text-ink-2">
                {found.data.attempts.map((attempt) => (
                  <li key={attempt.trained_at}>
                    <span className="num">{attempt.trained_at.slice(0, 16).replace('T', ' ')}</span> UTC: AUC{' '}
                    <span className="num">{auc(attempt.auc)}</span>
                    {attempt.serving_auc === null ? '' : `, the one before ${auc(attempt.serving_auc)}`}.{' '}
                    {attempt.took_over ? 'Took over' : 'Did not take over'}: {attempt.reason}.
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      )}
    </Panel>
  );
}
