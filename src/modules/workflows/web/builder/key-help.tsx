import { Dialog } from '#web/kit/dialog.tsx';
import { Kbd } from '#web/kit/kbd.tsx';

const keys: readonly [readonly string[], string][] = [
  [['↑', '↓', '←', '→'], 'Walk through the steps and from way to way'],
  [['a'], 'Add a step after this one'],
  [['Enter'], 'Open its form'],
  [['Esc'], 'Back from the form to the step'],
  [['Delete'], 'Take the step out'],
  [['Ctrl', 'Z'], 'Undo'],
  [['Ctrl', 'Y'], 'Do it again'],
  [['Ctrl', 'C'], 'Copy the step, as JSON'],
  [['Ctrl', 'X'], 'Cut it out'],
  [['Ctrl', 'V'], 'Put it in after this one, also in another workflow'],
  [['p'], 'Publish'],
  [['?'], 'This help'],
];

export function BuilderKeys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title="Keys of the builder">
      <ul className="space-y-2">
        {keys.map(([combo, says]) => (
          <li key={says} className="flex items-center justify-between gap-4 text-sm">
            {says}
            <span className="flex shrink-0 gap-1">
              {combo.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
