import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { useAct } from '#web/kit/query.ts';

/** The answer of the mail server was lost. Only a person can find out; Steward never repeats it blindly. */
export function Decide({ message }: { message: Output<'messages.get'> }) {
  const decide = useAct('effects.decide', { refresh: ['messages', 'effects', 'system', 'people'], done: 'Settled.' });
  if (message.effect_id === null) return null;
  const input = { effect_id: message.effect_id };
  return (
    <div className="mb-4 rounded-lg bg-bad-soft p-4">
      <h3 className="text-sm font-semibold text-bad">Did this mail arrive?</h3>
      <p className="mt-1 text-sm text-ink-2">
        The connection broke before the mail server answered. Look into its log or ask the person, then say what is true. Until then nothing
        is repeated.
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button busy={decide.isPending} onClick={() => decide.mutate({ ...input, decision: 'happened' })}>
          It arrived
        </Button>
        <Button disabled={decide.isPending} onClick={() => decide.mutate({ ...input, decision: 'send_again' })}>
          It did not: send it again
        </Button>
        <Button disabled={decide.isPending} onClick={() => decide.mutate({ ...input, decision: 'drop' })}>
          Leave it
        </Button>
      </div>
    </div>
  );
}
