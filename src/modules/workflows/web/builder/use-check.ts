import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call, type ApiError } from '#web/kit/api.ts';
import type { Fault } from './context.tsx';
import type { Definition } from './definition.ts';
import { wire } from './use-draft.ts';

const PAUSE_MS = 250;

/** What the server says of the definition as it stands, a moment after each change; the last word holds until the next. */
export function useCheck(workflowId: string, definition: Definition): { faults: readonly Fault[]; checked: boolean } {
  const [asked, setAsked] = useState(definition);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(definition), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [definition]);
  const found = useQuery<readonly Fault[], ApiError>({
    queryKey: ['workflows.check', workflowId, asked],
    queryFn: async ({ signal }) => {
      const { faults, warnings } = await call('workflows.check', { definition: wire(asked), workflow_id: workflowId }, { signal });
      return [
        ...faults.map((one): Fault => ({ path: one.path, message: one.message, step_id: one.step_id, weight: 'fault' })),
        ...warnings.map((one): Fault => ({ path: one.path, message: one.message, step_id: one.step_id, weight: 'warning' })),
      ];
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { faults: found.data ?? [], checked: asked === definition && !found.isPlaceholderData && found.data !== undefined };
}
