import type { Lead } from '#modules/leads/public.ts';
export type Subject = Lead;
