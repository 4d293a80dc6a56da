import { leads } from '../tables.ts';
export const columns = Object.keys(leads);
