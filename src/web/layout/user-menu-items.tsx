import { useNavigate } from '@tanstack/react-router';
import { LogOut, Monitor, Moon, Settings, Sun, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuLabel, MenuLine } from '#web/kit/menu.tsx';
import { useMe, useSignOut } from '#web/kit/session.ts';
import { setTheme, useTheme } from '#web/kit/theme.ts';

const themes = [
  ['system', 'As the system', <Monitor key="i" />],
  ['light', 'Light', <Sun key="i" />],
  ['dark', 'Dark', <Moon key="i" />],
] as const;

/** The account's menu, open from the beginning: a press fetched it. */
export function UserMenuItems({ trigger }: { trigger: ReactNode }) {
  const me = useMe();
  const theme = useTheme();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Menu defaultOpen trigger={trigger}>
      <div className="px-2 pt-1.5 pb-2">
        <div className="text-sm font-medium">{me.full_name || me.email}</div>
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
      {themes.map(([value, label, icon]) => (
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
