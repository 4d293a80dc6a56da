import { Dialog } from '#web/kit/dialog.tsx';
import { Kbd } from '#web/kit/kbd.tsx';
import { places } from './nav.tsx';

const groups: [string, [string[], string][]][] = [
  [
    'Everywhere',
    [
      [['Ctrl', 'K'], 'Search or run a command'],
      [['/'], 'Search this list'],
      [['?'], 'This help'],
      [['g', 'n'], 'Notifications'],
      ...places.map((place): [string[], string] => [['g', place.keys], `Go to ${place.label}`]),
    ],
  ],
  [
    'In a list',
    [
      [['j'], 'Next row'],
      [['k'], 'Row before'],
      [['o'], 'Open it (or Enter)'],
      [['x'], 'Choose it'],
      [['Shift', 'X'], 'Choose from the last one to here'],
      [['e'], 'Edit in place (Tab: next cell)'],
      [['s'], 'Status'],
      [['a'], 'Owner'],
      [['l'], 'Tag'],
      [['r'], 'Enrol in a sequence'],
      [['z'], 'Undo the last change of many'],
      [['v'], 'As a list'],
      [['b'], 'As a board'],
      [['c'], 'Create'],
    ],
  ],
  [
    'On a person',
    [
      [['e'], 'Edit'],
      [['n'], 'Write a note'],
      [['s'], 'Change status'],
      [['j', 'k'], 'Through the timeline'],
    ],
  ],
];

export function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title="Keyboard">
      <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3 className="mb-2 text-xs font-medium text-ink-3">{title}</h3>
            <ul className="space-y-1.5">
              {keys.map(([combo, says]) => (
                <li key={says} className="flex items-center justify-between gap-3 text-sm">
                  {says}
                  <span className="flex gap-1">
                    {combo.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
