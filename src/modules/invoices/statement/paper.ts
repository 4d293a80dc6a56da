import type { Transaction } from '#core/database/database.ts';
import { pictureBytes } from '#modules/brand/public.ts';
import { getClient } from '#modules/clients/public.ts';
import { buyerOf, type Buyer, type Seller } from '../parties.ts';
import { paperLanguage } from '../paper-language.ts';
import { loadSettings } from '../settings/load.ts';
import { statementOf, type Period } from './load.ts';
import type { Statement } from './shape.ts';

/** A statement with who writes to whom, as it is kept when it is mailed. `logo` is the SHA-256 of one of company_pictures. */
export interface StatementPaper {
  readonly statement: Statement;
  readonly seller: Seller;
  readonly buyer: Buyer;
  readonly language: string;
  readonly footer: string;
  readonly logo: string | null;
  readonly at: string;
}

/** @throws ClientNotFound, InvalidInput */
export async function statementPaper(
  tx: Transaction,
  companyId: string,
  clientId: string,
  period: Period,
  at: Date,
): Promise<StatementPaper> {
  const settings = await loadSettings(tx, companyId);
  const statement = await statementOf(tx, companyId, clientId, period, settings, at);
  const { seller, options, logo } = settings;
  const buyer = buyerOf(await getClient(tx, companyId, clientId));
  return {
    statement,
    seller,
    buyer,
    language: await paperLanguage(tx, companyId, clientId, options),
    footer: options.footer,
    logo,
    at: at.toISOString(),
  };
}

/** Its PDF; what draws it is loaded with the first one. */
export async function paperPdf(tx: Transaction, companyId: string, paper: StatementPaper): Promise<() => Promise<Buffer>> {
  const { logo } = paper;
  const picture = logo === null ? undefined : (await pictureBytes(tx, companyId, [logo])).get(logo);
  const { drawStatement } = await import('./draw.ts');
  return () => drawStatement(paper, picture?.bytes ?? null);
}

const plain = (text: string) => text.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60); // prettier-ignore

/** `Statement-Payer-AG-2026-06-30.pdf` */
export const paperName = ({ statement }: StatementPaper, ending: 'pdf' | 'csv'): string =>
  `Statement-${plain(statement.clientName) || 'client'}-${statement.to}.${ending}`;
