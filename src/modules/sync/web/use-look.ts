import { useQuery } from '@tanstack/react-query';
import { call, type ApiError, type Input, type Output } from '#web/kit/api.ts';

/** What can be read over a connection. A question to the service, kept for some minutes. */
export function useLook(input: Input<'sources.look'>, enabled: boolean) {
  return useQuery<Output<'sources.look'>, ApiError>({
    queryKey: ['sources.look', input],
    queryFn: () => call('sources.look', input),
    enabled,
    staleTime: 300_000,
    retry: false,
  });
}
