import { Moon } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { Menu, MenuItem, MenuLine } from '#web/kit/menu.tsx';
import { momentOf } from '#web/kit/time.tsx';

/** Usual moments, by the reader's clock. */
function moments(now = new Date()): readonly (readonly [string, Date])[] {
  const at = (days: number, hour: number) => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date;
  };
  const monday = (8 - now.getDay()) % 7 || 7;
  return [
    ['In three hours', new Date(now.getTime() + 3 * 3_600_000)],
    ...(now.getHours() < 17 ? ([['This evening', at(0, 18)]] as const) : []),
    ['Tomorrow morning', at(1, 9)],
    ['Monday morning', at(monday, 9)],
    ['In a week', at(7, 9)],
  ];
}

/** Out of sight until a moment. */
export function SnoozeMenu({ snoozed, onSnooze }: { snoozed: boolean; onSnooze: (until: string | null) => void }) {
  const [asking, setAsking] = useState(false);
  const [value, setValue] = useState('');
  return (
    <>
      <Menu
        trigger={
          <Button size="sm" data-act="snooze" aria-label="Snooze" aria-keyshortcuts="s">
            <Moon /> <span className="hidden sm:inline">Snooze</span>
          </Button>
        }
      >
        {snoozed ? (
          <>
            <MenuItem onSelect={() => onSnooze(null)}>Bring it back now</MenuItem>
            <MenuLine />
          </>
        ) : null}
        {moments().map(([label, date]) => (
          <MenuItem key={label} onSelect={() => onSnooze(date.toISOString())}>
            <span className="flex-1">{label}</span>
            <span className="num ml-6 text-xs text-ink-3">{momentOf(date.toISOString())}</span>
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => setAsking(true)}>Choose a moment…</MenuItem>
      </Menu>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Snooze until"
        description="It comes back by itself then, and at once when they write."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button
              kind="primary"
              disabled={value === ''}
              onClick={() => {
                setAsking(false);
                onSnooze(new Date(value).toISOString());
              }}
            >
              Snooze
            </Button>
          </>
        }
      >
        <Field label="Date and time">
          {(control) => <Input {...control} type="datetime-local" value={value} onChange={(event) => setValue(event.target.value)} />}
        </Field>
      </Dialog>
    </>
  );
}
