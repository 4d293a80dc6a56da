import { Plus, X } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Input, Select } from '#web/kit/field.tsx';

interface RateRow {
  key: number;
  /** Two letters: a country, or a state. */
  code: string;
  /** Percent, as typed. */
  rate: string;
}

export const rowsOfRates = (rates: Record<string, number>): RateRow[] =>
  Object.entries(rates).map(([code, rate], key) => ({ key, code, rate: String(rate) }));

/** Rows that are complete. A rate that is no number goes to the server as it is, which says so. */
export const ratesOf = (rows: readonly RateRow[]): Record<string, number> =>
  Object.fromEntries(
    rows.flatMap(({ code, rate }) =>
      code.trim() === '' || rate.trim() === '' ? [] : [[code.trim().toUpperCase(), Number(rate.trim().replace(',', '.'))]],
    ),
  );

/** Rates by country or state. */
export function RatesEditor({
  title,
  hint,
  rows,
  onChange,
  names,
  usual,
  error,
}: {
  title: string;
  hint: string;
  rows: RateRow[];
  onChange: (rows: RateRow[]) => void;
  /** Those that can be chosen; without them a code is typed. */
  names?: ReadonlyMap<string, string>;
  /** What holds without a rate of one's own, percent. */
  usual?: ReadonlyMap<string, number>;
  error: string | undefined;
}) {
  const change = (key: number, changes: Partial<RateRow>) => onChange(rows.map((row) => (row.key === key ? { ...row, ...changes } : row)));
  return (
    <fieldset>
      <legend className="text-sm font-medium">{title}</legend>
      <p className="mt-0.5 text-xs text-ink-3">{hint}</p>
      <ul className="mt-2 space-y-2">
        {rows.map((row, i) => (
          <li key={row.key} className="flex flex-wrap items-center gap-2">
            {names === undefined ? (
              <Input
                aria-label={`State ${i + 1}`}
                className="num w-20 uppercase"
                maxLength={2}
                placeholder="CA"
                value={row.code}
                onChange={(event) => change(row.key, { code: event.target.value })}
              />
            ) : (
              <Select
                aria-label={`Country ${i + 1}`}
                className="w-52"
                value={row.code}
                onChange={(event) => change(row.key, { code: event.target.value })}
              >
                <option value="">Choose a country</option>
                {[...names].map(([code, name]) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
            <Input
              aria-label={`Rate ${i + 1}, percent`}
              className="num w-20 text-right"
              inputMode="decimal"
              value={row.rate}
              onChange={(event) => change(row.key, { rate: event.target.value })}
            />
            <span className="text-sm text-ink-2">%</span>
            {usual?.get(row.code) === undefined ? null : <span className="text-xs text-ink-3">instead of {usual.get(row.code)} %</span>}
            <Button
              kind="quiet"
              size="icon"
              aria-label={`Remove rate ${i + 1}`}
              onClick={() => onChange(rows.filter((one) => one.key !== row.key))}
            >
              <X />
            </Button>
          </li>
        ))}
      </ul>
      <Button
        kind="quiet"
        size="sm"
        className="mt-2 -ml-2"
        onClick={() => onChange([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, code: '', rate: '' }])}
      >
        <Plus /> Rate
      </Button>
      {error === undefined ? null : <p className="text-xs text-bad">{error}</p>}
    </fieldset>
  );
}
