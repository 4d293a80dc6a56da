import type { Statement, Transaction } from '#core/database/database.ts';
import type { Tone, WrittenBy } from './tables.ts';

export interface NurturingSettings {
  readonly tone: Tone;
  /** template: never by a model, even where one is connected. */
  readonly writtenBy: WrittenBy;
  readonly language: string | null;
  readonly whatWeDo: string;
  readonly offer: string;
  readonly furtherFacts: readonly string[];
  readonly links: readonly string[];
  readonly senderName: string;
  readonly senderRole: string;
  readonly callToAction: string;
  readonly revisitDays: number;
  readonly alertOwner: boolean;
  readonly monthlyBudgetMicros: number | null;
}

export const DEFAULT_SETTINGS: NurturingSettings = {
  tone: 'friendly',
  writtenBy: 'model',
  language: null,
  whatWeDo: '',
  offer: '',
  furtherFacts: [],
  links: [],
  senderName: '',
  senderRole: '',
  callToAction: '',
  revisitDays: 90,
  alertOwner: true,
  monthlyBudgetMicros: null,
};

const OF_COMPANIES: Statement = {
  name: 'nurturing.settings',
  text: `select company_id as "companyId", tone, written_by as "writtenBy", language, what_we_do as "whatWeDo", offer, further_facts as "furtherFacts", links,
                sender_name as "senderName", sender_role as "senderRole", call_to_action as "callToAction", revisit_days as "revisitDays",
                alert_owner as "alertOwner", monthly_budget_micros::float8 as "monthlyBudgetMicros"
           from nurturing_settings where company_id = any($1::uuid[])`,
};

/** Settings by company; a company that never changed them has the defaults. Any role. */
export async function settingsOf(tx: Transaction, companyIds: readonly string[]): Promise<(companyId: string) => NurturingSettings> {
  const rows = await tx.query<NurturingSettings & { companyId: string }>(OF_COMPANIES, [[...new Set(companyIds)]]);
  const byCompany = new Map(rows.map((row) => [row.companyId, row]));
  return (companyId) => byCompany.get(companyId) ?? DEFAULT_SETTINGS;
}
