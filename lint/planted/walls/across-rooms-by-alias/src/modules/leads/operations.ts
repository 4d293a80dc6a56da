import { newId } from '../../core/ids.ts';
export const leadId = newId;
