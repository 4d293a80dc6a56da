import type { SqlDialect } from '#core/connector/sql/types.ts';

/** A transaction that began earlier may commit later: rows of the last minutes are looked at again. Of columns that hold a time. */
const OVERLAP = '5 minutes';

export const postgresDialect: SqlDialect = {
  quoted: (name) => `"${name.replaceAll('"', '""')}"`,
  value: (n, type) => `$${n}::${type}`,
  text: (expression) => `${expression}::text`,
  read: (expression) => expression,
  earlier: (value, type) => (type.startsWith('timestamp') ? `${value} - interval '${OVERLAP}'` : value),
  // one comparison of rows, which an index on both serves
  behind: (first, second, at, id) => `(${first}, ${second}) > (${at()}, ${id()})`,
  page: (columns, from, where, order, rows) => `select ${columns} from ${from} where ${where} order by ${order} limit ${rows}`,
  fieldType(type) {
    if (/^timestamp|^date/.test(type)) return 'moment';
    if (type === 'boolean') return 'boolean';
    return /int|numeric|double|real/.test(type) ? 'number' : 'text';
  },
  moment: (text, type) => (/^(timestamp|date)/.test(type) ? new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')) : null),
  unfit: () => null,
};
