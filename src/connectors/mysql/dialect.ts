import { behindByTwo, type SqlDialect } from '#core/connector/sql/types.ts';

/** Bytes have this character set. */
const BINARY = 63;
const UNSIGNED = 32;
/** Characters of a text that are read: what is longer is no field of a person. */
const LONGEST = 20_000;

/** What a column holds, in our words. `field.type` is the number of the protocol. @see https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
export function typeOf(field: {
  readonly columnType?: number;
  readonly type?: number;
  readonly flags: number | string[];
  readonly characterSet?: number;
}): string {
  const unsigned = typeof field.flags === 'number' && (field.flags & UNSIGNED) !== 0;
  switch (field.columnType ?? field.type) {
    case 1:
    case 2:
    case 3:
    case 8:
    case 9:
    case 13: // prettier-ignore
      return unsigned ? 'unsigned' : 'signed';
    case 0:
    case 246: // prettier-ignore
      return 'decimal';
    case 4:
    case 5: // prettier-ignore
      return 'double';
    case 7:
    case 12: // prettier-ignore
      return 'datetime';
    case 10:
    case 14: // prettier-ignore
      return 'date';
    case 245:
      return 'json';
    case 247:
    case 248: // prettier-ignore
      return 'text';
    case 249:
    case 250:
    case 251:
    case 252:
    case 253:
    case 254: // prettier-ignore
      return field.characterSet === BINARY ? 'binary' : 'text';
    default:
      return 'other';
  }
}

const CASTS: Readonly<Record<string, string>> = {
  signed: 'signed',
  unsigned: 'unsigned',
  decimal: 'decimal(65, 30)',
  datetime: 'datetime(6)',
  date: 'date',
};

export const mysqlDialect: SqlDialect = {
  quoted: (name) => `\`${name.replaceAll('`', '``')}\``,
  // A text beside a number would have both compared as fractions, and long ids be one.
  value: (_n, type) => (CASTS[type] === undefined ? '?' : `cast(? as ${CASTS[type]})`),
  text: (expression) => `cast(${expression} as char)`,
  read: (expression, type) => (type === 'text' || type === 'json' ? `left(${expression}, ${LONGEST})` : expression),
  earlier: (value, type) => (type === 'datetime' ? `${value} - interval 5 minute` : value),
  behind: behindByTwo,
  page: (columns, from, where, order, rows) => `select ${columns} from ${from} where ${where} order by ${order} limit ${rows}`,
  fieldType(type) {
    if (type === 'datetime' || type === 'date') return 'moment';
    return ['signed', 'unsigned', 'decimal', 'double'].includes(type) ? 'number' : 'text';
  },
  // The session is at UTC; a column without a time zone is taken to be, too.
  moment: (text, type) =>
    type === 'datetime' || type === 'date' ? new Date(`${text.replace(' ', 'T')}${text.includes(':') ? '' : 'T00:00:00'}Z`) : null,
  unfit: (type) => (type === 'binary' ? 'holds bytes; write hex(…) in the query and give it a name' : null),
};
