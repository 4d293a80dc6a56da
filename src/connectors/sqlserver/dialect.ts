import { VendorRefused } from '#core/connector/errors.ts';
import { behindByTwo, type SqlDialect } from '#core/connector/sql/types.ts';

/** Characters of a text that are read: what is longer is no field of a person. */
const LONGEST = 20_000;
/** Of row versions: those of transactions that were open meanwhile come later with a smaller number. */
const VERSIONS = 10_000;

const isVersion = (type: string) => type === 'timestamp' || type === 'rowversion' || type.startsWith('binary');
const isMoment = (type: string) => /^(date$|datetime|smalldatetime)/.test(type);
const isText = (type: string) => /^n?(var)?char|^n?text|^sysname/.test(type);

/** Types as `sys.dm_exec_describe_first_result_set` writes them: datetime2(7), nvarchar(50), timestamp. @see https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql */
export const sqlServerDialect: SqlDialect = {
  quoted: (name) => `[${name.replaceAll(']', ']]')}]`,
  // As the type of the column: a comparison with another type would convert every row, and round moments another way.
  value(n, type) {
    if (isVersion(type)) return `convert(varbinary(8), @p${n}, 1)`;
    if (type.startsWith('datetimeoffset')) return `convert(${type}, @p${n}, 127)`;
    if (isMoment(type)) return `convert(${type}, @p${n}, 126)`;
    return `cast(@p${n} as ${type})`;
  },
  text(expression, type) {
    if (isVersion(type)) return `convert(nvarchar(34), convert(varbinary(8), ${expression}), 1)`;
    if (type.startsWith('datetimeoffset')) return `convert(nvarchar(40), ${expression}, 127)`;
    if (isMoment(type)) return `convert(nvarchar(40), ${expression}, 126)`;
    // seventeen digits make the same number again
    if (type === 'float' || type === 'real') return `convert(nvarchar(40), ${expression}, 3)`;
    return `convert(nvarchar(450), ${expression})`;
  },
  read: (expression, type) =>
    isText(type)
      ? `left(cast(${expression} as nvarchar(max)), ${LONGEST})`
      : isVersion(type)
        ? `convert(nvarchar(34), ${expression}, 1)`
        : expression,
  earlier(value, type) {
    if (type.startsWith('datetime') || type === 'smalldatetime') return `dateadd(minute, -5, ${value})`;
    return isVersion(type) ? `convert(binary(8), convert(bigint, ${value}) - ${VERSIONS})` : value;
  },
  behind: behindByTwo,
  page: (columns, from, where, order, rows) => `select top (${rows}) ${columns} from ${from} where ${where} order by ${order}`,
  fieldType(type) {
    if (isMoment(type)) return 'moment';
    if (type === 'bit') return 'boolean';
    return /^(big|small|tiny)?int|^(decimal|numeric|money|smallmoney|float|real)/.test(type) ? 'number' : 'text';
  },
  // A column without a time zone is taken to be at UTC.
  moment(text, type) {
    if (!isMoment(type)) return null;
    const whole = text.includes('T') ? text : `${text}T00:00:00`;
    // seven digits of a second are more than a Date reads
    const short = whole.replace(/(\.\d{3})\d+/, '$1');
    return new Date(short.endsWith('Z') ? short : `${short}Z`);
  },
  unfit: (type) =>
    /^(varbinary|image|xml|sql_variant|geo|hierarchyid|n?text$)/.test(type)
      ? `is of the type ${type}; cast it in the query and give it a name`
      : null,
  check(query) {
    if (/^with\b/i.test(query.trim()))
      throw new VendorRefused('SQL Server takes no “with” inside another query; make a view of it and select from that');
    if (!staysInside(query))
      throw new VendorRefused('The query must be one select: no semicolon inside it, and no parenthesis that closes what it did not open');
  },
};

/** SQL Server takes several statements at once, with nothing between them: a query must not get out of the parentheses around it. */
function staysInside(query: string): boolean {
  const bare = withoutComments(query.replace(/;\s*$/, ''));
  if (bare === null) return false;
  let depth = 0;
  for (const sign of bare) {
    if (sign === ';') return false;
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Without texts, quoted names and comments, which nest here. Null: one of them does not end. */
function withoutComments(query: string): string | null {
  const ends: Readonly<Record<string, string>> = { "'": "'", '"': '"', '[': ']' };
  let bare = '';
  for (let at = 0; at < query.length;) {
    const end = ends[query[at] ?? ''];
    if (end !== undefined) {
      let close = query.indexOf(end, at + 1);
      // twice is one of them inside
      while (close >= 0 && query[close + 1] === end) close = query.indexOf(end, close + 2);
      if (close < 0) return null;
      at = close + 1;
    } else if (query.startsWith('--', at)) {
      const close = query.indexOf('\n', at);
      at = close < 0 ? query.length : close;
    } else if (query.startsWith('/*', at)) {
      let depth = 1;
      for (at += 2; depth > 0;) {
        if (at >= query.length) return null;
        if (query.startsWith('/*', at)) [depth, at] = [depth + 1, at + 2];
        else if (query.startsWith('*/', at)) [depth, at] = [depth - 1, at + 2];
        else at += 1;
      }
    } else {
      bare += query[at] ?? '';
      at += 1;
    }
  }
  return bare;
}
