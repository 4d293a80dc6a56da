import { useNavigate } from '@tanstack/react-router';
import { LogOut, Monitor, Moon, Settings, Sun, UserRound } from 'lucide-react';
import { UserAvatar } from '#web/kit/user-avatar.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '#web/kit/menu.tsx';
import { useMe, useSignOut } from '#web/kit/session.ts';
import { setTheme, useTheme } from '#web/kit/theme.ts';

export function UserMenu() {
  const me = useMe();
  const theme = useTheme();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const name = me.full_name || me.email;
  return (
    <Menu
      trigger={
        <button type="button" aria-label={`Account of ${name}`} className="rounded-full">
          <UserAvatar userId={me.id} name={name} />
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-2">
        <div className="text-sm font-medium">{name}</div>
        <div className="text-xs text-ink-3">{me.email}</div>
      </div>
      <MenuLine />
      <MenuItem icon={<UserRound />} onSelect={() => void navigate({ to: '/settings/me' })}>
        Your account
      </MenuItem>
      <MenuItem icon={<Settings />} onSelect={() => void navigate({ to: '/settings/company' })}>
        Settings
      </MenuItem>
      <MenuLine />
      <MenuLabel>Theme</MenuLabel>
      {(
        [
          ['system', 'As the system', <Monitor key="i" />],
          ['light', 'Light', <Sun key="i" />],
          ['dark', 'Dark', <Moon key="i" />],
        ] as const
      ).map(([value, label, icon]) => (
        <MenuItem key={value} icon={icon} onSelect={() => setTheme(value)}>
          <span className="flex-1">{label}</span>
          {theme === value ? <span aria-label="chosen">✓</span> : null}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<LogOut />} onSelect={signOut}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
