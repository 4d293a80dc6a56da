import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function stored(): Theme {
  try {
    const value = localStorage.getItem('steward-theme');
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // storage is blocked
  }
}

function apply(): void {
  const theme = stored();
  document.documentElement.classList.toggle('dark', theme === 'dark' || (theme === 'system' && dark.matches));
  for (const listener of listeners) listener();
}
dark.addEventListener('change', apply);

export function setTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem('steward-theme');
    else localStorage.setItem('steward-theme', theme);
  } catch {
    // storage is blocked: the choice lasts for this page only
  }
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, stored);
}
