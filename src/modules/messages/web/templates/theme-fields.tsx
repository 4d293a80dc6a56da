import { Palette } from 'lucide-react';
import { useId } from 'react';
import { Popover } from 'radix-ui';
import { Button } from '#web/kit/button.tsx';
import { Field, Select } from '#web/kit/field.tsx';
import type { Theme } from './content.ts';

const COLOURS = [
  ['accent', 'Buttons and links'],
  ['text', 'Text'],
  ['surface', 'Letter'],
  ['background', 'Around it'],
] as const;

/** Colours and type of a template in blocks. In a dark inbox the letter turns dark by itself. */
export function ThemeFields({ theme, onChange }: { theme: Theme; onChange: (theme: Theme) => void }) {
  const id = useId();
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button>
          <Palette /> Look
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Look"
          className="z-50 w-64 space-y-3 rounded-lg bg-panel p-4 shadow-pop animate-appear"
        >
          {COLOURS.map(([name, label]) => (
            <label key={name} htmlFor={`${id}${name}`} className="flex items-center justify-between text-sm">
              {label}
              <input
                id={`${id}${name}`}
                type="color"
                value={theme[name]}
                onChange={(event) => onChange({ ...theme, [name]: event.target.value })}
                className="h-7 w-12 cursor-pointer rounded border bg-panel"
              />
            </label>
          ))}
          <Field label="Type">
            {(control) => (
              <Select
                {...control}
                value={theme.font}
                onChange={(event) => onChange({ ...theme, font: event.target.value as Theme['font'] }) /* one of the options below */}
              >
                <option value="system">Plain</option>
                <option value="serif">With serifs</option>
                <option value="mono">Typewriter</option>
              </Select>
            )}
          </Field>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
