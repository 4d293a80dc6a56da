import { InvalidInput, NotFound } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { createLead, leadCreated } from '#modules/leads/public.ts';
import { ensurePerson, normaliseEmail, parseName } from '#modules/people/public.ts';
import { callOff } from '../book.ts';
import { comingCalls, getCall } from '../call.ts';
import { bookTime, moveTo } from '../choose.ts';
import { CallNotFound } from '../errors.ts';
import type { Guest } from './guest.ts';
import { momentOf } from './moment.ts';

const ONCE = /^[\w-]{16,64}$/;

interface Done {
  readonly said: 'booked' | 'moved' | 'cancelled';
  /** Where the page is to say when. */
  readonly at: Date | null;
}

/** What a guest asks for with a button. */
export async function actOf(
  runtime: Runtime,
  guest: Guest,
  sent: Readonly<Record<string, string>>,
  query: Readonly<Record<string, unknown>>,
  zone: string,
): Promise<Done> {
  const [what, id] = (sent['do'] ?? '').split(':');
  if (what === 'cancel') return cancel(runtime, guest, id ?? '');
  const at = momentOf(query['at']);
  const { kind, personId, companyId } = guest;
  if (kind === null || at === null) throw new InvalidInput('Choose a time first');
  if (what === 'move') {
    const [call] = personId === null ? [] : await runtime.database.read(companyId, (tx) => comingCalls(tx, companyId, personId, runtime.clock.now(), kind.id)); // prettier-ignore
    if (call === undefined) throw new CallNotFound('No call is planned that could be moved');
    await moveTo(runtime, companyId, { call: call.id, at, timeZone: zone, by: 'them' });
    return { said: 'moved', at: null };
  }
  if (what !== 'book') throw new NotFound('There is no such act');
  return book(runtime, guest, sent, { at, zone });
}

async function book(
  runtime: Runtime,
  { kind, personId, companyId }: Guest,
  sent: Readonly<Record<string, string>>,
  { at, zone }: { readonly at: Date; readonly zone: string },
): Promise<Done> {
  const once = sent['once'] ?? '';
  if (kind === null || !ONCE.test(once)) throw new InvalidInput('Load the page again, and choose a time');
  const who = personId === null ? readWho(sent) : null;
  await bookTime(runtime, companyId, {
    kindId: kind.id,
    at,
    timeZone: zone,
    note: (sent['note'] ?? '').trim().slice(0, 2_000),
    bookedBy: 'them',
    once,
    by: null,
    async person(tx) {
      if (personId !== null) return personId;
      if (who === null) throw new InvalidInput('Say who you are');
      return ensureKnown(runtime, companyId, who, zone, tx);
    },
  });
  return { said: 'booked', at: personId === null ? at : null };
}

function readWho(sent: Readonly<Record<string, string>>): { email: string; name: string } {
  const name = (sent['name'] ?? '').trim().slice(0, 200);
  const email = normaliseEmail((sent['email'] ?? '').trim());
  const fields = [
    ...(name.length < 2 ? [{ path: 'name', message: 'is missing' }] : []),
    ...(email === null ? [{ path: 'email', message: 'is not an email address' }] : []),
  ];
  if (email === null || fields.length > 0) throw new InvalidInput('Say who you are, so that we can write to you', { fields });
  return { email, name };
}

/** Whoever is a client stays one; whoever is new becomes a lead, and so does somebody known without one. */
async function ensureKnown(
  runtime: Runtime,
  companyId: string,
  { email, name }: { readonly email: string; readonly name: string },
  timeZone: string,
  tx: Parameters<typeof createLead>[0],
): Promise<string> {
  const at = runtime.clock.now();
  const personId = await ensurePerson(tx, companyId, email, parseName(name), at);
  const [client] = await tx.query({ name: 'calls.is_client', text: 'select id from clients where company_id = $1 and person_id = $2 limit 1' }, [companyId, personId]); // prettier-ignore
  if (client !== undefined) return personId;
  const { lead, created } = await createLead(tx, {
    companyId,
    email,
    name: parseName(name),
    phone: null,
    phoneRaw: null,
    timeZone,
    status: 'new',
    source: 'booking',
    notes: null,
    ownerId: null,
    at,
  });
  if (created) await runtime.engine.emit(tx, [leadCreated(lead, { enrol: false, imported: false })]);
  return personId;
}

/** Only a call of this very person. */
async function cancel(runtime: Runtime, { personId, companyId }: Guest, id: string): Promise<Done> {
  if (personId === null || !/^[\da-f-]{36}$/.test(id)) throw new CallNotFound('There is no such call');
  await runtime.database.write(companyId, async (tx) => {
    const call = await getCall(tx, companyId, id, { lock: true });
    if (call.personId !== personId) throw new CallNotFound('There is no such call');
    await callOff(tx, runtime, call, 'them');
  });
  return { said: 'cancelled', at: null };
}
