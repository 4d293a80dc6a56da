import { useState } from 'react';
import type { ColumnChoice } from './columns.tsx';

/** Columns as this browser last had them, until a view says otherwise. */
export function useColumnChoice(list: string): [ColumnChoice[], (chosen: readonly ColumnChoice[]) => void] {
  const key = `steward.columns.${list}`;
  const [chosen, setChosen] = useState<ColumnChoice[]>(() => read(key));
  return [
    chosen,
    (next) => {
      setChosen([...next]);
      if (next.length === 0) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(next));
    },
  ];
}

function read(key: string): ColumnChoice[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    if (!Array.isArray(value)) return [];
    return value.flatMap((one: unknown) =>
      typeof one === 'object' && one !== null && 'key' in one && typeof one.key === 'string'
        ? [{ key: one.key, ...('width' in one && typeof one.width === 'number' ? { width: one.width } : {}) }]
        : [],
    );
  } catch {
    return [];
  }
}
