import { CircleAlert, TriangleAlert } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Menu, MenuItem, MenuLabel } from '#web/kit/menu.tsx';
import { useBuilder, type Fault } from './context.tsx';
import { findStep } from './definition.ts';
import { focusSpot } from './use-keys.ts';
import { START } from './walk.ts';

/** What is to be mended, each a way to where it stands. */
export function FaultsList() {
  const { faults, definition, focus } = useBuilder();
  const bad = faults.filter((fault) => fault.weight === 'fault').length;
  if (faults.length === 0) return null;
  const open = (fault: Fault) => {
    const spot = fault.step_id !== null && findStep(definition, fault.step_id) !== null ? fault.step_id : START;
    focus(
      spot,
      fault.step_id === null
        ? fault.path.startsWith('triggers') || fault.path.startsWith('stop') || fault.path === 'subject'
          ? 'triggers'
          : 'workflow'
        : 'step',
    );
    focusSpot(spot);
  };
  return (
    <Menu
      trigger={
        <Button className={bad > 0 ? 'text-bad' : 'text-warn'}>
          {bad > 0 ? <CircleAlert /> : <TriangleAlert />} {bad > 0 ? bad : faults.length}{' '}
          <span className="max-sm:sr-only">
            {bad > 0 ? (bad === 1 ? 'fault' : 'faults') : faults.length === 1 ? 'warning' : 'warnings'}
          </span>
        </Button>
      }
    >
      <div className="max-w-sm">
        <MenuLabel>What is to be mended</MenuLabel>
        {faults.map((fault) => (
          <MenuItem
            key={`${fault.path} ${fault.message}`}
            className="h-auto items-start py-1.5"
            icon={fault.weight === 'fault' ? <CircleAlert className="mt-0.5 !text-bad" /> : <TriangleAlert className="mt-0.5 !text-warn" />}
            onSelect={() => open(fault)}
          >
            <span className="min-w-0">
              <span className="block font-medium">
                {fault.step_id === null ? 'The workflow' : (findStep(definition, fault.step_id)?.step.title ?? fault.step_id)}
              </span>
              <span className="block text-xs text-ink-2">{fault.message}</span>
            </span>
          </MenuItem>
        ))}
      </div>
    </Menu>
  );
}
