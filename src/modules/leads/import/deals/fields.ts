import { letters } from '../mapping.ts';
import { DEAL_TARGETS, PRODUCT_TARGETS, type DealTarget, type ProductTarget } from './targets.ts';

/** What the rows of a file are; its mapping says. */
export type Kind = 'people' | 'deals' | 'products';

export function kindOf(mapping: readonly string[]): Kind {
  if (mapping.some((target) => target.startsWith('deal.'))) return 'deals';
  return mapping.some((target) => target.startsWith('product.')) ? 'products' : 'people';
}

const HEADINGS: Readonly<Record<DealTarget | ProductTarget, readonly string[]>> = {
  'deal.external_id': ['opportunityid', 'dealid', 'recordid', 'externalid', 'id'],
  'deal.name': ['dealname', 'opportunityname', 'deal', 'opportunity', 'title', 'name'],
  'deal.stage': ['dealstage', 'stage', 'stagename', 'salesstage', 'phase', 'status'],
  'deal.amount': ['closevalue', 'amount', 'dealvalue', 'dealamount', 'value', 'betrag', 'wert'],
  'deal.currency': ['currency', 'dealcurrency', 'wahrung'],
  'deal.product': ['product', 'productname', 'produkt'],
  'deal.organisation': ['account', 'accountname', 'organisation', 'organization', 'company', 'companyname', 'customer', 'firma', 'kunde'],
  'deal.owner_email': ['owneremail', 'dealowneremail', 'agentemail'],
  'deal.owner': ['salesagent', 'dealowner', 'owner', 'opportunityowner', 'agent', 'salesrep', 'rep', 'besitzer'],
  'deal.person_email': ['email', 'contactemail', 'personemail', 'primarycontactemail'],
  'deal.opened_at': ['engagedate', 'createdate', 'createddate', 'created', 'opendate', 'openedat', 'addtime', 'startdate'],
  'deal.closed_at': ['closedate', 'closedat', 'closingdate', 'expectedclosedate', 'wontime'],
  'deal.source': ['leadsource', 'source', 'quelle'],
  'deal.next_step': ['nextstep'],
  'product.name': ['product', 'productname', 'name', 'produkt'],
  'product.series': ['series', 'family', 'productfamily', 'category', 'reihe'],
  'product.price': ['salesprice', 'listprice', 'price', 'unitprice', 'preis'],
  'product.currency': ['currency'],
};

type Named = DealTarget | ProductTarget | 'ignore';

/** Each field takes the column whose heading fits best. */
export function suggestTable(columns: readonly string[], kind: 'deals' | 'products'): Named[] {
  const headings = columns.map(letters);
  const mapping: Named[] = columns.map(() => 'ignore');
  for (const target of kind === 'deals' ? DEAL_TARGETS : PRODUCT_TARGETS) {
    const column = HEADINGS[target]
      .map((name) => headings.findIndex((found, index) => found === name && mapping[index] === 'ignore'))
      .find((index) => index >= 0);
    if (column !== undefined) mapping[column] = target;
  }
  return mapping;
}

/** Deals have a stage, and a value or a day; products a price and no stage. */
export function looksLikeTable(columns: readonly string[]): 'deals' | 'products' | null {
  const deals = suggestTable(columns, 'deals');
  const stage = columns.some((column) => ['dealstage', 'stage', 'stagename', 'salesstage'].includes(letters(column)));
  if (stage && (deals.includes('deal.amount') || deals.includes('deal.closed_at'))) return 'deals';
  const products = suggestTable(columns, 'products');
  const email = columns.some((column) => letters(column).includes('mail'));
  return !stage && !email && products.includes('product.name') && products.includes('product.price') ? 'products' : null;
}
