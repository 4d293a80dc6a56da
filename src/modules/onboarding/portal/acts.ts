import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput, NotFound, type FieldFault } from '#core/errors.ts';
import type { Facts } from '#core/engine/types.ts';
import type { PortalDone, PortalSent, PortalVisit } from '#core/portal/types.ts';
import { keepFile, recordInteractions, sniff } from '#modules/people/public.ts';
import { settleTask, type Settled } from '../course/settle.ts';
import type { TaskSpec } from '../plan/task.ts';
import { OnboardingSettled, type Task } from '../shapes.ts';
import { accepts, acceptWords } from './accept.ts';
import { taskOf } from './load.ts';
import { ONBOARDING_WORDS, type OnboardingWords } from './words.ts';

const SIGN: Statement = {
  name: 'onboarding.sign',
  text: `insert into onboarding_signatures (task_id, company_id, client_id, typed_name, signed_at, ip, user_agent, title, document, sha256) values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)`,
};

const wrong = (path: string, message: string) => new InvalidInput(message, { fields: [{ path, message }] });

type Faults = OnboardingWords['faults'];
type Act = (tx: Transaction, visit: PortalVisit, sent: PortalSent) => Promise<PortalDone>;

/** An act on a task of this kind: looks it up, does what is its own, settles it. */
function act(
  kind: Task['kind'],
  says: string,
  work: (
    tx: Transaction,
    visit: PortalVisit,
    sent: PortalSent,
    task: Task,
  ) => Promise<Pick<Settled, 'answers' | 'file'> & { note: string }>,
): Act {
  return async (tx, visit, sent) => {
    const found = await taskOf(tx, visit, sent.path);
    if (found?.task.kind !== kind) throw new NotFound('There is no such task');
    const { onboarding, task } = found;
    if (task.state !== 'open' || onboarding.state !== 'running') throw new OnboardingSettled(ONBOARDING_WORDS[visit.language].doneAlready);
    const { note, ...what } = await work(tx, visit, sent, task);
    const events = await settleTask(
      tx,
      visit.companyId,
      { onboardingId: onboarding.id, taskId: task.id, state: 'done', by: null, byClient: true, ...what },
      visit.now,
    );
    await visit.runtime.engine.emit(tx, events);
    const { companyId, personId } = visit;
    await recordInteractions(tx, [
      {
        companyId,
        personId,
        type: 'form',
        direction: 'inbound',
        channel: 'portal',
        content: note,
        metadata: { onboarding_id: onboarding.id, task_id: task.id },
        at: visit.now,
      },
    ]);
    return { says, path: '' };
  };
}

export const acts: Readonly<Record<string, Act>> = {
  done: act('task', 'done', async (_tx, _visit, _sent, task) => ({ note: `Done: ${task.title}` })),

  answer: act('form', 'answered', async (_tx, visit, sent, task) => ({
    answers: answersOf(task.spec, sent.fields, ONBOARDING_WORDS[visit.language].faults),
    note: `Filled in: ${task.title}`,
  })),

  upload: act('upload', 'uploaded', async (tx, visit, sent, task) => {
    const { faults } = ONBOARDING_WORDS[visit.language];
    const file = sent.files.find(({ field }) => field === 'file');
    if (file === undefined || file.bytes.length === 0) throw wrong('file', faults.noFile);
    const most = task.spec.maxMb ?? 25;
    if (file.bytes.length > most * 1_000_000) throw wrong('file', faults.tooLarge(most));
    if (!accepts(task.spec, sniff(file.bytes, file.name))) throw wrong('file', faults.wrongFile(acceptWords(task.spec, visit.language)));
    const id = await keepFile(tx, visit.companyId, {
      personId: visit.personId,
      name: file.name,
      content: file.bytes,
      at: visit.now,
      shared: true,
    });
    if (id === null) throw wrong('file', faults.noRoom);
    return { file: { id, name: file.name }, note: `Uploaded for ${task.title}: ${file.name}` };
  }),

  sign: act('sign', 'signed', async (tx, visit, { fields }, task) => {
    const { faults } = ONBOARDING_WORDS[visit.language];
    const name = (fields['name'] ?? '').trim().slice(0, 200);
    if (fields['agree'] !== 'yes') throw wrong('agree', faults.agree);
    if (name.length < 2) throw wrong('name', faults.name);
    const document = task.spec.document ?? '';
    const sha256 = createHash('sha256').update(document, 'utf8').digest('hex');
    await tx.query(SIGN, [
      visit.companyId,
      task.id,
      visit.clientId,
      name,
      visit.now,
      visit.ip,
      visit.userAgent,
      task.title,
      document,
      sha256,
    ]);
    return { note: `Signed by ${name}: ${task.title} (SHA-256 ${sha256})` };
  }),
};

/** @throws InvalidInput with what is wrong beside each field */
function answersOf({ fields = [] }: TaskSpec, given: Readonly<Record<string, string>>, words: Faults): Facts {
  const faults: FieldFault[] = [];
  const answers: Facts = {};
  for (const { name, type, required, options } of fields) {
    const value = (given[name] ?? '').trim();
    const message = value === '' ? (required ? words.required : null) : faultOf(type, value, options, words);
    if (message !== null) faults.push({ path: name, message });
    else if (value !== '') answers[name] = type === 'tick' ? 'yes' : value.slice(0, 20_000);
  }
  if (faults.length > 0) throw new InvalidInput(words.answers(faults.length), { fields: faults });
  return answers;
}

function faultOf(type: string, value: string, options: readonly string[], words: Faults): string | null {
  if (type === 'email' && !/^\S+@\S+\.\S+$/.test(value)) return words.email;
  if (type === 'number' && !/^-?\d+(?:[.,]\d+)?$/.test(value)) return words.number;
  if (type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return words.date;
  return type === 'choice' && !options.includes(value) ? words.choice : null;
}
