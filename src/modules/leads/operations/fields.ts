import { z } from 'zod';
import { emailAddress } from '#modules/people/public.ts';
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
