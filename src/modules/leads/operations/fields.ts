import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { emailAddress, requireOrganisation, requireUser } from '#modules/people/public.ts';
import { getSegment } from '#modules/segments/public.ts';
import { LEAD_GRADES } from '../fields.ts';
import { LEAD_STATUSES } from '../tables.ts';

/** Input fields that several operations share. */
export const leadId = () => z.uuid().describe('Id of the lead');
export const name = () => z.string().trim().min(1).max(200).describe('Full name');
export const email = () => emailAddress().describe('Email address; the same address is the same person');
export const phone = () => z.string().trim().max(64).describe('Phone number; with + and country code, or as dialled in your country');
export const source = () => z.string().trim().min(1).max(100).describe('Where the lead came from, e.g. website');
export const notes = () => z.string().max(20_000).describe('What you know about the lead');
export const status = () => z.enum(LEAD_STATUSES);
/** A moment that PostgreSQL and JavaScript agree on. */
export const moment = () => z.date().min(new Date(0)).max(new Date(253_402_300_799_999));

/** Which leads: the filters of lists, counts and bulk changes. */
export const leadFilter = {
  status: status().optional(),
  source: source().optional(),
  ownerId: z.uuid().optional().describe('Leads of this user'),
  unowned: z.boolean().optional().describe('True: leads that nobody looks after'),
  createdFrom: moment().optional().describe('Created at this moment or later'),
  createdTo: moment().optional().describe('Created before this moment'),
  optedOut: z.boolean().optional().describe('Only people who refuse commercial messages, or only others'),
  organisationId: z.uuid().optional(),
  segmentId: z.uuid().optional().describe('Members of this segment'),
  grade: z.enum(LEAD_GRADES).optional().describe('How promising, A is best'),
  tag: z.string().trim().min(1).max(100).optional().describe('Name of a tag'),
  idleDays: z.coerce.number().int().min(0).max(36_500).optional().describe('No word in either direction for so many days, or ever'),
  custom: z.string().max(4_000).optional().describe('Custom fields as a JSON object, such as {"plan":"pro"}'),
  q: z.string().trim().max(200).optional().describe('Words in name, email or phone'),
};

/** @throws NotFound for an owner, an organisation or a segment that is not there */
export async function requireFilter(
  tx: Transaction,
  companyId: string,
  filter: { readonly ownerId?: string | undefined; readonly organisationId?: string | undefined; readonly segmentId?: string | undefined },
): Promise<void> {
  await requireUser(tx, companyId, filter.ownerId);
  await requireOrganisation(tx, companyId, filter.organisationId);
  if (filter.segmentId !== undefined) await getSegment(tx, companyId, filter.segmentId);
}
