import type { Output } from '#web/kit/api.ts';
import { Status } from '#web/kit/badge.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { dateOf, When } from '#web/kit/time.tsx';
import { basisName } from './topics/words.ts';

type State = Output<'people.basis'>['topics'][number];

/** Per topic: may they be written to, on which basis, since and until when; and which country's law that is. */
export function BasisList({ personId }: { personId: string }) {
  const basis = useRead('people.basis', { person_id: personId });
  if (basis.data === undefined) {
    return basis.error === null ? (
      <SkeletonLines lines={4} />
    ) : (
      <Failure what="The lawful bases could not be loaded." error={basis.error} retry={() => void basis.refetch()} className="py-4" />
    );
  }
  const { topics, country } = basis.data;
  return (
    <>
      <ul className="space-y-3" aria-label="Lawful basis by topic">
        {topics.map((topic) => (
          <Line key={topic.topic} topic={topic} />
        ))}
      </ul>
      <p className="border-t pt-2.5 text-xs text-ink-3">
        {country.name === null ? 'Country not known' : `Counts as ${country.name}`}: {country.because}.
      </p>
    </>
  );
}

function Line({ topic }: { topic: State }) {
  return (
    <li>
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 break-words">{topic.title}</span>
        <Status tone={topic.may ? 'ok' : topic.refused ? 'bad' : 'neutral'}>
          {topic.may ? (basisName[topic.basis ?? ''] ?? 'Yes') : topic.refused ? 'Refused' : 'No basis'}
        </Status>
      </div>
      <div className="text-xs text-ink-2">
        {sentence(topic.because)}
        {topic.since === null ? null : (
          <>
            , since <When at={topic.since} className="num" />
          </>
        )}
        {!topic.may || topic.expires === null ? null : <span className="num">, until {dateOf(topic.expires)}</span>}
        {topic.wording_version === null ? '' : ` (wording ${topic.wording_version})`}
      </div>
      {topic.fix === null ? null : <div className="text-xs text-ink-3">{topic.fix}.</div>}
    </li>
  );
}

const sentence = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
