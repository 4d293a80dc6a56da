import { useEffect, useRef, useState } from 'react';
import { call } from '#web/kit/api.ts';
import type { Thread } from './words.ts';

/** How long the typing pauses before it is kept. */
const PAUSE_MS = 1_200;

export interface Draft {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly subject: string;
  readonly text: string;
}

/** A UUIDv4 of the browser's own; `crypto.randomUUID` is missing on plain http. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function fresh(thread: Thread): Draft {
  const { ways, messages } = thread;
  const last = messages.find((message) => message.direction === 'inbound') ?? messages[0];
  const channel = last?.channel ?? (ways.email.to === null && ways.sms.to !== null ? 'sms' : 'email');
  return { id: newId(), channel, subject: '', text: '' };
}

/**
 * What is being written to one person: begun where it was left, kept while it is typed. `renew` begins the next one, with the text of one that was
 * blocked where it is given.
 */
export function useDraft(thread: Thread) {
  const { person_id: personId } = thread.conversation;
  const [draft, setDraft] = useState<Draft>(() => thread.draft ?? fresh(thread));
  const kept = useRef(draft);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(draft);
  latest.current = draft;
  const keep = () => {
    const now = latest.current;
    if (now === kept.current) return;
    kept.current = now;
    void call('conversations.save_draft', {
      person_id: personId,
      draft_id: now.id,
      channel: now.channel,
      subject: now.subject,
      text: now.text,
    }).catch(() => undefined); // the text is still on the page, and the next pause tries again
  };
  const keeper = useRef(keep);
  keeper.current = keep;
  useEffect(() => () => keeper.current(), []);
  const change = (part: Partial<Omit<Draft, 'id'>>) => {
    setDraft({ ...draft, ...part });
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => keeper.current(), PAUSE_MS);
  };
  /** Nothing of it is kept from here on: it is being sent. */
  const rest = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    kept.current = latest.current;
  };
  const renew = (text = '') => {
    rest();
    const next = { ...draft, id: newId(), subject: text === '' ? '' : draft.subject, text };
    kept.current = next;
    latest.current = next;
    setDraft(next);
  };
  return { draft, change, rest, renew };
}
