import { Kanban, Rows3 } from 'lucide-react';
import { Button } from '../button.tsx';

/** A list of rows, or a board by stage. */
export function LayoutToggle({ board, onChange }: { board: boolean; onChange: (board: boolean) => void }) {
  return (
    <div role="group" aria-label="Layout" className="flex">
      {[false, true].map((one) => (
        <Button
          key={String(one)}
          kind="quiet"
          size="icon"
          aria-label={one ? 'As a board' : 'As a list'}
          aria-pressed={board === one}
          className="aria-pressed:bg-hover"
          onClick={() => onChange(one)}
        >
          {one ? <Kanban /> : <Rows3 />}
        </Button>
      ))}
    </div>
  );
}
