import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StewardProcess } from './steward-process.ts';

/** What benches of mail share: one workflow of one mail, people for it, and a bare pool beside it. */
export const definition = {
  name: 'bench-mail',
  title: 'One mail',
  subject: 'lead',
  triggers: [{ on: 'manual' }],
  steps: [
    { id: 'send', title: 'Send', type: 'message', input: { channel: 'email', class: 'commercial', template: 'welcome' } },
    { id: 'end', title: 'End', type: 'end', input: { outcome: 'sent' } },
  ],
};

export const MAIL_SETTINGS = {
  FROM_EMAIL: 'hello@acme.test',
  FROM_NAME: 'Acme',
  POSTAL_ADDRESS: '1 High Street',
  SENDING: 'launched',
  SENDING_HOURS: 'always',
};

const START_AT_ONCE = 1_000;

// oxlint-disable-next-line typescript/no-explicit-any -- JSON of the API, used field by field
export type Ask = (method: string, path: string, body?: object) => Promise<any>;

export function caller({ url }: StewardProcess, token: string): Ask {
  return async (method, path, body) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return reply.json();
  };
}

/** New people, so that no frequency cap is met. Not enrolled: the built-in sequence stays out of it. */
export async function bringIn(ask: Ask, name: string, mails: number): Promise<string[]> {
  const lines = Array.from({ length: mails }, (_, index) => `Number ${index},${name}-${index}@example.test,bench-${name}`);
  await ask('POST', '/api/lead-nurturing/leads/import', {
    filename: 'bench.csv',
    content: ['name,email,source', ...lines].join('\n'),
    enrol: false,
    // without a lawful basis no commercial mail leaves
    consent: { basis: 'consent', evidence: 'The people of this benchmark agreed to its mail' },
  });
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await ask('GET', `/api/lead-nurturing/leads?source=bench-${name}&limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`);
    ids.push(...page.items.map((lead: { id: string }) => lead.id));
    cursor = page.next_cursor;
  }
  await sleep(2_000); // events of the import are through
  return ids;
}

export async function start(ask: Ask, workflowId: string, leads: readonly string[]): Promise<void> {
  for (let from = 0; from < leads.length; from += START_AT_ONCE) {
    await ask('POST', `/api/workflows/${workflowId}/start`, { subject_ids: leads.slice(from, from + START_AT_ONCE) });
  }
}

/** A bare nodemailer pool with the same rendering, in a process of its own. Its mails go to hand-…@example.test. */
export function byHand(
  port: number,
  mails: number,
  connections: number,
): { readonly pid: number | undefined; readonly done: Promise<void> } {
  const file = fileURLToPath(new URL('./mail-by-hand.ts', import.meta.url));
  const child = spawn(process.execPath, [file, String(port), String(mails), String(connections)], { stdio: 'inherit' });
  const done = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the bare pool ended with ${String(code)}`);
  });
  return { pid: child.pid, done };
}
