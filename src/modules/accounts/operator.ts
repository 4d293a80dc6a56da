import { AppError } from '#core/errors.ts';
import type { Statement } from '#core/database/database.ts';
import { NO_COMPANY, type Principal } from '#core/operation/principal.ts';
import type { Parts } from './parts.ts';

/** The local operator must say which company is meant. */
export class WhichCompany extends AppError {
  readonly code = 'which_company';
  readonly status = 422;
}

/** Two rows are enough to know whether there is a choice; names for the message. */
const COMPANIES: Statement = {
  name: 'operator.companies',
  text: 'select id, name from companies where $1::text is null or id::text = $1 or lower(name) = lower($1) order by created_at, id limit 10',
};

/**
 * The person at the machine that holds the data, acting in one company. `wanted`: its id or name; null when there is only one.
 * With no company at all, or several and none wanted, the principal names NO_COMPANY and reaches only what is about the installation.
 * @throws WhichCompany there is none of that name, or two
 */
export async function operatorPrincipal(runtime: Parts, wanted: string | null): Promise<Principal> {
  const found = await runtime.system.read((tx) => tx.query<{ id: string; name: string }>(COMPANIES, [wanted]));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return { kind: 'operator', companyId: first.id, role: 'admin' };
  if (first === undefined && wanted === null) return { kind: 'operator', companyId: NO_COMPANY, role: 'admin' };
  const names = found.map((company) => `${company.name} (${company.id})`).join(', ');
  if (first === undefined) throw new WhichCompany(`There is no company called ${wanted}; see: steward companies list`);
  const refusal = new WhichCompany(`Name the company with --company, one of: ${names}`);
  if (wanted !== null) throw refusal;
  return { kind: 'operator', companyId: NO_COMPANY, role: 'admin', refusal };
}
