import { Braces } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Menu, MenuItem, MenuLabel } from '#web/kit/menu.tsx';
import { useRead } from '#web/kit/query.ts';

const GROUPS: Record<string, string> = {
  person: 'Person',
  lead: 'Lead',
  organisation: 'Organisation',
  company: 'Your company',
  sender: 'Sender',
};
/** What nobody reads in a letter. */
const DULL = /(^|[._])(id|owner_id|created_at|time_zone|locale|opted_out)$/;

/** Puts a fact of whoever gets it into the text, with a default where it may be missing. */
export function InsertName({ onInsert }: { onInsert: (liquid: string) => void }) {
  const names = useRead('templates.names', {});
  const items = (names.data?.names ?? []).filter((one) => !one.open && !DULL.test(one.path));
  return (
    <Menu
      align="start"
      trigger={
        <Button kind="quiet" size="sm">
          <Braces /> Insert
        </Button>
      }
    >
      {Object.entries(GROUPS).map(([root, label]) => {
        const own = items.filter((one) => one.path.startsWith(`${root}.`));
        if (own.length === 0) return null;
        return (
          <div key={root}>
            <MenuLabel>{label}</MenuLabel>
            {own.map((one) => (
              <MenuItem
                key={one.path}
                onSelect={() => onInsert(root === 'company' || root === 'sender' ? `{{ ${one.path} }}` : `{{ ${one.path} | default: "" }}`)}
              >
                {one.title}
              </MenuItem>
            ))}
          </div>
        );
      })}
    </Menu>
  );
}
