import type { Statement, Transaction } from '#core/database/database.ts';

export interface ConnectionName {
  readonly id: string;
  readonly connector: string;
  readonly title: string;
  readonly state: 'untested' | 'ok' | 'rejected';
}

const OF_ALL: Statement = {
  name: 'connections.of_all',
  text: `select id, connector, title, state from connections where company_id = $1 order by state = 'rejected', created_at desc, id desc`,
};
const TO: Statement = {
  name: 'connections.to',
  text: `select id, connector, title, state from connections where company_id = $1 and connector = $2 order by state = 'rejected', created_at desc, id desc`,
};

/** A company's connections, the newest that works first; those whose credentials were rejected last. */
export function connectionsOfAll(tx: Transaction, companyId: string): Promise<ConnectionName[]> {
  return tx.query<ConnectionName>(OF_ALL, [companyId]);
}

/** Those to one service, in the same order. */
export function connectionsTo(tx: Transaction, companyId: string, connector: string): Promise<ConnectionName[]> {
  return tx.query<ConnectionName>(TO, [companyId, connector]);
}
