import { Link } from '@tanstack/react-router';
import type { Output } from '#web/kit/api.ts';
import { words } from '#web/kit/format.ts';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

type Touch = Output<'leads.origin'>['first_touch'];

const NAMES: Readonly<Record<string, string>> = {
  form: 'Form',
  utm_source: 'Source',
  utm_medium: 'Medium',
  utm_campaign: 'Campaign',
  utm_term: 'Term',
  utm_content: 'Content',
  referrer: 'Came from',
  landing_page: 'Page',
};

/** Why this lead has its owner, and the first and the last thing that brought the person here. */
export function OriginPanel({ leadId }: { leadId: string }) {
  const origin = useRead('leads.origin', { lead_id: leadId });
  const found = origin.data;
  return (
    <Panel title="Lead owner and origin">
      {found === undefined ? (
        origin.error === null ? (
          <SkeletonLines lines={3} />
        ) : (
          <Failure what="The origin could not be loaded." error={origin.error} retry={() => void origin.refetch()} className="px-0 py-4" />
        )
      ) : (
        <div className="space-y-4 text-sm">
          <Owner owner={found.owner} />
          {found.first_at === null ? (
            <p className="text-ink-2">
              No form brought this lead in.{' '}
              <Link to="/forms" className="underline underline-offset-2">
                Forms
              </Link>{' '}
              remember the page and the campaign.
            </p>
          ) : (
            <>
              <TouchFacts
                title={found.last_at === found.first_at ? 'First and last touch' : 'First touch'}
                touch={found.first_touch}
                at={found.first_at}
              />
              {found.last_at === null || found.last_at === found.first_at ? null : (
                <TouchFacts title="Last touch" touch={found.last_touch} at={found.last_at} />
              )}
            </>
          )}
        </div>
      )}
    </Panel>
  );
}

function Owner({ owner }: { owner: Output<'leads.origin'>['owner'] }) {
  if (owner === null) {
    return (
      <p className="text-ink-2">
        Nobody owns this lead.{' '}
        <Link to="/settings/assignment" className="underline underline-offset-2">
          Rules
        </Link>{' '}
        can give new leads to somebody.
      </p>
    );
  }
  return (
    <div>
      <p>
        <span className="font-medium">{owner.name}</span>
        {owner.at === null ? null : (
          <span className="text-xs text-ink-3">
            {' · '}
            <When at={owner.at} className="num" />
          </span>
        )}
      </p>
      <p className="text-ink-2">{owner.reason === null ? 'Chosen by hand.' : `${owner.reason}.`}</p>
    </div>
  );
}

function TouchFacts({ title, touch, at }: { title: string; touch: Touch; at: string }) {
  const told = Object.entries(touch ?? {}).filter(([, value]) => typeof value === 'string' && value !== '');
  return (
    <section>
      <h3 className="flex items-baseline justify-between gap-3 text-xs font-medium text-ink-3">
        {title}
        <When at={at} className="num font-normal whitespace-nowrap" />
      </h3>
      <Facts
        className="mt-1.5"
        rows={told.map(([name, value]) => [NAMES[name] ?? words(name), <Told key={name} value={String(value)} />])}
      />
    </section>
  );
}

/** Addresses of pages are long: what counts of them is the place and the path. */
function Told({ value }: { value: string }) {
  if (!/^https?:\/\//.test(value)) return value;
  return (
    <span className="block truncate" title={value}>
      {value.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')}
    </span>
  );
}
