import type { z } from 'zod';
import type { Connector } from './types.ts';

/** Declares a connector. Identity at run time; it fixes the type of the credentials that every member gets. */
export function connector<Credentials extends z.ZodObject>(declaration: Connector<Credentials>): Connector<Credentials> {
  return declaration;
}
