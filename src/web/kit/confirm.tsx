import { useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export interface ConfirmProps {
  title: string;
  /** What will happen, and whether it can be undone. */
  children: ReactNode;
  action: string;
  danger?: boolean;
  onConfirm: () => unknown;
  /** Gets the function that asks. */
  trigger: (ask: () => void) => ReactNode;
}

/** Asks before what can't be taken back. */
export function Confirm({ title, children, action, danger, onConfirm, trigger }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {trigger(() => setOpen(true))}
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={title}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep as it is</Button>
            <Button
              kind={danger === true ? 'danger' : 'primary'}
              onClick={() => {
                setOpen(false);
                onConfirm();
              }}
            >
              {action}
            </Button>
          </>
        }
      >
        <div className="space-y-3 text-sm text-ink-2">{children}</div>
      </Dialog>
    </>
  );
}
