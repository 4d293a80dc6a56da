import { useEffect } from 'react';
import { toast, Toaster } from 'sonner';
import { useTheme } from './theme.ts';
import { showBy } from './toast.ts';

/** Sonner's own variables, filled with ours. */
const look = {
  fontFamily: 'var(--font-sans)',
  '--normal-bg': 'var(--panel)',
  '--normal-text': 'var(--ink)',
  '--normal-border': 'var(--line-strong)',
  '--border-radius': '10px',
};

export function ToastCorner() {
  const theme = useTheme();
  // After the corner itself has begun to listen: effects of what is inside come first.
  useEffect(() => {
    showBy(({ kind, text, options }) => void toast[kind](text, options));
    return () => showBy(null);
  }, []);
  return <Toaster theme={theme} position="bottom-right" style={look} />;
}
