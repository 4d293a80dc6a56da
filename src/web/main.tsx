import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Toaster } from 'sonner';
import { queries } from './kit/query.ts';
import { useTheme } from './kit/theme.ts';
import { TooltipProvider } from './kit/tooltip.tsx';
import { router } from './router.tsx';

/** The toasts' own variables, filled with ours. */
const toastLook = {
  fontFamily: 'var(--font-sans)',
  '--normal-bg': 'var(--panel)',
  '--normal-text': 'var(--ink)',
  '--normal-border': 'var(--line-strong)',
  '--border-radius': '10px',
};

function App() {
  const theme = useTheme();
  return (
    <StrictMode>
      <QueryClientProvider client={queries}>
        <TooltipProvider delayDuration={400}>
          <RouterProvider router={router} />
          <Toaster theme={theme} position="bottom-right" style={toastLook} />
        </TooltipProvider>
      </QueryClientProvider>
    </StrictMode>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
