import { z } from 'zod';
import { checklist, Requirement } from '../doctor/checklist.ts';
import { CHECKS, Finding, STATES, VERDICTS, verdictOf } from '../doctor/finding.ts';
import type { CheckupRow } from '../doctor/store.ts';
import { FOLDERS, PROBE_STATES } from '../doctor/tables.ts';

export const Probe = z.object({
  id: z.uuid(),
  address: z.string().describe('Sent as'),
  to: z.string(),
  state: z
    .enum(PROBE_STATES)
    .describe('waiting: on its way. arrived: found, and judged in a moment. lost: not found within an hour. refused: it never left'),
  says: z.string().nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  findings: z.array(Finding),
  folder: z.enum(FOLDERS).nullable(),
  folderName: z.string().nullable(),
  mailbox: z.string().nullable(),
  messageId: z.uuid().nullable().describe('In the outbox'),
  arrivedAt: z.date().nullable(),
  createdAt: z.date(),
});

export const Checkup = z.object({
  address: z.string(),
  senderId: z.uuid().nullable().describe('Null: the address of the connection in use'),
  verdict: z
    .enum(VERDICTS)
    .describe('The worst of its checks and of its last probe; unknown: not looked at yet, or something could not be asked'),
  findings: z.array(Finding),
  broken: z.array(z.enum(CHECKS)).describe('Were good once, and are bad now'),
  checklist: z.array(Requirement).describe('What Gmail, Yahoo and Outlook ask of those who send much'),
  selectors: z.array(z.string()).describe('Selectors of DKIM that you named'),
  signedWith: z.array(z.string()).describe('Selectors that probes were signed with'),
  probe: Probe.nullable().describe('The last one'),
  mailboxes: z.array(z.string()).describe('Where a probe can be found again'),
  checkedAt: z.date().nullable(),
  updatedAt: z.date().nullable(),
});

export const CheckupChange = z.object({
  id: z.uuid(),
  verdict: z.enum(VERDICTS),
  changes: z.array(z.object({ check: z.enum(CHECKS), from: z.enum(STATES).nullable(), to: z.enum(STATES), says: z.string() })),
  createdAt: z.date(),
});

export type ProbeRow = z.output<typeof Probe>;

export const PROBE = `p.id, c.address, p.to_email as "to", p.state, p.says, p.verdict, p.findings, p.folder, p.folder_name as "folderName", p.mailbox, p.message_id as "messageId",
  p.arrived_at as "arrivedAt", p.created_at as "createdAt"`;

/** What was found of an address; nothing yet where there is no row. */
export function shown(
  address: { readonly address: string; readonly senderId: string | null },
  row: CheckupRow | undefined,
  beside: {
    readonly probe: ProbeRow | null;
    readonly returned: { sent: number; complained: number } | null;
    readonly mailboxes: readonly string[];
  },
): z.input<typeof Checkup> {
  const findings = row?.findings ?? [];
  const probed = beside.probe?.findings ?? [];
  const looked = row?.checkedAt != null;
  return {
    address: address.address,
    senderId: address.senderId,
    verdict: looked ? verdictOf([...findings, ...probed]) : 'unknown',
    findings: [...findings],
    // only names of checks are put there
    broken: (row?.broken ?? []) as z.input<typeof Checkup>['broken'],
    checklist: looked ? [...checklist(findings, probed, beside.returned)] : [],
    selectors: [...(row?.namedSelectors ?? [])],
    signedWith: [...(row?.seenSelectors ?? [])],
    probe: beside.probe,
    mailboxes: [...beside.mailboxes],
    checkedAt: row?.checkedAt ?? null,
    updatedAt: row?.updatedAt ?? null,
  };
}
