import { Sheet } from '#web/kit/dialog.tsx';
import { Brand } from './brand.tsx';
import { Nav, NavFoot } from './nav.tsx';

/** The rail where there is no room for it. */
export function Drawer({ company, onClose }: { company: string | undefined; onClose: () => void }) {
  return (
    <Sheet side="left" open onOpenChange={onClose} title="Menu">
      <Brand company={company} />
      <div className="space-y-4 pb-4">
        <Nav onGo={onClose} />
        <NavFoot onGo={onClose} />
      </div>
    </Sheet>
  );
}
