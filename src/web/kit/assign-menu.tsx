import { UserRound } from 'lucide-react';
import { Button } from './button.tsx';
import { Menu, MenuItem, MenuLine } from './menu.tsx';
import { useRead } from './query.ts';
import { useMe } from './session.ts';
import { UserAvatar } from './user-avatar.tsx';
import { userName } from './user-name.ts';

/** Whose it is. */
export function AssignMenu({
  assigneeId,
  assigneeName,
  onAssign,
}: {
  assigneeId: string | null;
  assigneeName: string | null;
  onAssign: (userId: string | null) => void;
}) {
  const me = useMe();
  const users = useRead('users.list', { limit: 200, is_active: true });
  const others = (users.data?.items ?? []).filter((user) => user.id !== me.id);
  return (
    <Menu
      trigger={
        <Button
          size="sm"
          data-act="assign"
          aria-label={assigneeName === null ? 'Assign' : `Assigned to ${assigneeName}. Change`}
          aria-keyshortcuts="a"
        >
          {assigneeId === null ? <UserRound /> : <UserAvatar userId={assigneeId} name={assigneeName ?? ''} size="sm" />}
          <span className="hidden max-w-28 truncate sm:inline">{assigneeName ?? 'Assign'}</span>
        </Button>
      }
    >
      <MenuItem disabled={assigneeId === me.id} onSelect={() => onAssign(me.id)}>
        Me
      </MenuItem>
      {others.map((user) => (
        <MenuItem key={user.id} disabled={assigneeId === user.id} onSelect={() => onAssign(user.id)}>
          {userName(user)}
        </MenuItem>
      ))}
      {assigneeId === null ? null : (
        <>
          <MenuLine />
          <MenuItem onSelect={() => onAssign(null)}>Nobody</MenuItem>
        </>
      )}
    </Menu>
  );
}
