import { Status, type Tone } from './badge.tsx';

/** The statuses a lead can have, in the order of its life. */
export const leadStatuses = ['new', 'contacted', 'engaged', 'qualified', 'converted', 'lost', 'unsubscribed'] as const;
export type LeadStatusName = (typeof leadStatuses)[number];

const looks: Record<LeadStatusName, [label: string, tone: Tone]> = {
  new: ['New', 'accent'],
  contacted: ['Contacted', 'neutral'],
  engaged: ['Engaged', 'warn'],
  qualified: ['Qualified', 'ok'],
  converted: ['Converted', 'ok'],
  lost: ['Lost', 'neutral'],
  unsubscribed: ['Unsubscribed', 'bad'],
};

export function isLeadStatus(text: string | undefined): text is LeadStatusName {
  return leadStatuses.some((status) => status === text);
}

export function leadStatusLabel(status: LeadStatusName): string {
  return looks[status][0];
}

export function LeadStatus({ status }: { status: LeadStatusName }) {
  const [label, tone] = looks[status];
  return <Status tone={tone}>{label}</Status>;
}
