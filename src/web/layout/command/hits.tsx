import { useNavigate } from '@tanstack/react-router';
import { Building2, StickyNote } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import type { Item as Row } from '#web/kit/api.ts';
import { useRead } from '#web/kit/query.ts';
import { Group, Item } from './parts.tsx';

export type Hit = Row<'search.find'>;

const PAUSE_MS = 120;

/** The text once the fingers rest: not a question a letter. */
export function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

/** People, organisations and notes for these words; answers of a while ago come from the cache. */
export function useHits(words: string) {
  return useRead('search.find', { q: words, limit: 6 }, { enabled: words.length >= 2, keep: true });
}

/** `tag` is the words as typed: every value begins with it, so that what the server found is not sieved again. */
export function Hits({ hits, tag, go }: { hits: readonly Hit[]; tag: string; go: (act: () => unknown) => () => void }) {
  const navigate = useNavigate();
  const people = hits.filter((hit) => hit.kind === 'person');
  const organisations = hits.filter((hit) => hit.kind === 'organisation');
  const notes = hits.filter((hit) => hit.kind === 'note');
  const person = (personId: string | null) =>
    go(() => (personId === null ? undefined : navigate({ to: '/people/$personId', params: { personId } })));
  return (
    <>
      {people.length === 0 ? null : (
        <Group heading="People">
          {people.map((hit) => (
            <Item
              key={hit.id}
              value={`${tag}|person ${hit.id}`}
              icon={<Avatar name={hit.title} size="sm" />}
              detail={hit.detail}
              onSelect={person(hit.id)}
            >
              {hit.title}
            </Item>
          ))}
        </Group>
      )}
      {organisations.length === 0 ? null : (
        <Group heading="Organisations">
          {organisations.map((hit) => (
            <Item
              key={hit.id}
              value={`${tag}|organisation ${hit.id}`}
              icon={<Building2 />}
              detail={hit.detail}
              onSelect={go(() => navigate({ to: '/organisations/$organisationId', params: { organisationId: hit.id } }))}
            >
              {hit.title}
            </Item>
          ))}
        </Group>
      )}
      {notes.length === 0 ? null : (
        <Group heading="Notes">
          {notes.map((hit) => (
            <Item key={hit.id} value={`${tag}|note ${hit.id}`} icon={<StickyNote />} detail={hit.detail} onSelect={person(hit.person_id)}>
              {hit.title}
            </Item>
          ))}
        </Group>
      )}
    </>
  );
}
