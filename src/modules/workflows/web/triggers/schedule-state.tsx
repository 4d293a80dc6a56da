import type { Item } from '#web/kit/api.ts';
import { Status } from '#web/kit/badge.tsx';

/** What somebody who glances at the list has to know of a schedule. */
export function ScheduleState({ schedule }: { schedule: Pick<Item<'schedules.list'>, 'active' | 'hold' | 'alert'> }) {
  if (!schedule.active) return <Status tone="neutral">Workflow off</Status>;
  if (schedule.hold === 'held') return <Status tone="warn">Held</Status>;
  if (schedule.hold === 'paused') return <Status tone="neutral">Paused</Status>;
  if (schedule.alert !== null) return <Status tone="bad">{schedule.alert.kind === 'not_run' ? 'Did not run' : 'Not done in time'}</Status>;
  return <Status tone="ok">On</Status>;
}
