import { useRef, type RefObject } from 'react';
import { useKeys } from '#web/kit/keyboard.ts';

type Act = 'approve' | 'reject' | 'edit';

/**
 * j and k go from one to the next; a approves, r asks for the reason of a rejection, e goes into the proposal. What is of high risk is not approved
 * by a single key: the button gets the focus, Enter presses it. Answers where the list has to stand.
 */
export function useApprovalKeys(
  rows: readonly { readonly id: string; readonly risk: string }[],
  current: string | undefined,
  choose: (id: string) => void,
): RefObject<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement>(null);
  const card = (id: string | undefined) =>
    id === undefined ? null : (list.current?.querySelector<HTMLElement>(`[data-approval="${id}"]`) ?? null);
  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === current);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    choose(next.id);
    card(next.id)?.scrollIntoView({ block: 'nearest' });
  };
  const press = (act: Act) => {
    const row = rows.find((one) => one.id === current);
    const target = card(row?.id)?.querySelector<HTMLElement>(`[data-answer="${act}"]`);
    if (row === undefined || !target) return;
    if (act === 'edit' || (act === 'approve' && row.risk === 'high')) target.focus();
    else target.click();
  };
  useKeys({ j: () => step(1), k: () => step(-1), a: () => press('approve'), r: () => press('reject'), e: () => press('edit') });
  return list;
}
