import { ArrowDown, ArrowUp, Plus, Users } from 'lucide-react';
import { useState } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Input } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay, useMe } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { inWords, type Condition, type Field } from '#web/kit/conditions/model.ts';
import { RuleDialog } from './assignment-rule.tsx';
import { inOrder, whereFields } from './assignment-where.tsx';

export type Rule = Item<'assignment.rules'>;
export type Team = Output<'assignment.team'>['items'];

/** Who gets a new lead: rules in order, and who is away. */
export function AssignmentSettings() {
  const rules = useRead('assignment.rules', {});
  const team = useRead('assignment.team', {});
  const asked = useRead('segments.fields', {});
  const fields = whereFields(asked.data?.items ?? []);
  const may = useMay('manager');
  const [edited, setEdited] = useState<Rule | 'new' | null>(null);
  const order = useAct('assignment.order_rules', { refresh: ['assignment'] });
  const items = rules.data?.items ?? [];
  const names = new Map((team.data?.items ?? []).map((user) => [user.user_id, user.name]));
  const move = (index: number, by: number) => {
    const rule = items[index];
    if (rule === undefined) return;
    order.mutate({
      rule_ids: items
        .toSpliced(index, 1)
        .toSpliced(index + by, 0, rule)
        .map((each) => each.id),
    });
  };
  const add = may ? (
    <Button kind="primary" onClick={() => setEdited('new')}>
      <Plus /> Add a rule
    </Button>
  ) : null;
  return (
    <div className="max-w-3xl space-y-6">
      <Panel title="Rules" flush aside={items.length === 0 ? null : add}>
        {rules.error !== null && rules.data === undefined ? (
          <Failure what="The rules could not be loaded." error={rules.error} retry={() => void rules.refetch()} />
        ) : rules.data === undefined ? (
          <SkeletonRows rows={3} />
        ) : items.length === 0 ? (
          <Empty icon={<Users />} title="New leads have no owner yet" action={add}>
            A rule gives each new lead to somebody: in turn, by territory, or to who has the fewest. They hear of it at once.
          </Empty>
        ) : (
          <ol className="divide-y">
            {items.map((rule, index) => (
              <li key={rule.id} className="flex items-center gap-2 px-4 py-3">
                <span className="num w-5 shrink-0 text-sm text-ink-3">{index + 1}.</span>
                <button type="button" className="min-w-0 flex-1 text-left" disabled={!may} onClick={() => setEdited(rule)}>
                  <span className="block text-sm font-medium">{rule.name}</span>
                  <span className="block text-xs text-ink-3">{sentence(rule, names, fields)}</span>
                </button>
                {rule.active ? null : <Badge>Off</Badge>}
                {may ? (
                  <span className="flex">
                    <Button
                      kind="quiet"
                      size="icon"
                      aria-label={`Ask ${rule.name} earlier`}
                      disabled={index === 0}
                      onClick={() => move(index, -1)}
                    >
                      <ArrowUp />
                    </Button>
                    <Button
                      kind="quiet"
                      size="icon"
                      aria-label={`Ask ${rule.name} later`}
                      disabled={index === items.length - 1}
                      onClick={() => move(index, 1)}
                    >
                      <ArrowDown />
                    </Button>
                  </span>
                ) : null}
              </li>
            ))}
          </ol>
        )}
      </Panel>
      {items.length === 0 ? null : (
        <p className="text-sm text-ink-2">
          The first rule that fits and has somebody there decides. Leads that no rule fits stay without an owner.
        </p>
      )}
      <TeamPanel team={team.data?.items} error={team.error} retry={() => void team.refetch()} />
      {edited === null || asked.data === undefined ? null : (
        <RuleDialog rule={edited === 'new' ? null : edited} team={team.data?.items ?? []} fields={fields} close={() => setEdited(null)} />
      )}
    </div>
  );
}

const HOW = { round_robin: 'in turn', load: 'to who has the fewest open leads', fixed: 'to the first who is there' } as const;

function sentence(rule: Rule, names: ReadonlyMap<string, string>, fields: readonly Field[]): string {
  const { countries, postcodes, languages, sources, where } = rule.fits;
  const fits = [
    countries.length > 0 ? `from ${countries.join(', ')}` : null,
    postcodes.length > 0 ? `postcode ${postcodes.join(', ')}` : null,
    languages.length > 0 ? `speaking ${languages.join(', ')}` : null,
    sources.length > 0 ? `source ${sources.join(', ')}` : null,
    // the schema's own conditions, as the wire has them
    where === null ? null : inWords(inOrder(where as unknown as Condition), fields),
    rule.hours === null ? null : `${rule.hours.from}–${rule.hours.to}`,
  ].filter((part) => part !== null);
  const who = rule.user_ids.map((id) => names.get(id) ?? 'somebody who left').join(', ');
  return `${fits.length === 0 ? 'Every lead' : fits.join(', ')} → ${rule.user_ids.length > 1 ? `${HOW[rule.pick]}: ` : ''}${who}`;
}

function TeamPanel({ team, error, retry }: { team: Team | undefined; error: Error | null; retry: () => void }) {
  const me = useMe();
  const may = useMay('manager');
  const save = useAct('assignment.set_away', { refresh: ['assignment'] });
  return (
    <Panel title="Who is there" flush>
      {team === undefined ? (
        error === null ? (
          <SkeletonRows rows={2} />
        ) : (
          <Failure what="The team could not be loaded." error={error} retry={retry} />
        )
      ) : (
        <ul className="divide-y">
          {team.map((user) => (
            <li key={user.user_id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm">
              <span className="min-w-0 flex-1 basis-40">
                <span className="block truncate font-medium">{user.name}</span>
                <span className="text-xs text-ink-3">{countOf(user.open_leads, 'open lead')}</span>
              </span>
              <label className="flex items-center gap-2 text-ink-2">
                away until
                <Input
                  type="date"
                  className="w-40"
                  disabled={!may && user.user_id !== me.id}
                  value={user.away_until?.slice(0, 10) ?? ''}
                  onChange={(event) =>
                    save.mutate({
                      user_id: user.user_id,
                      away_until: event.target.value === '' ? null : `${event.target.value}T00:00:00.000Z`,
                    })
                  }
                />
              </label>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
