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

function App() {
  const theme = useTheme();
  return (
    <StrictMode>
      <QueryClientProvider client={queries}>
        <TooltipProvider delayDuration={400}>
          <RouterProvider router={router} />
          <Toaster theme={theme} position="bottom-right" toastOptions={{ classNames: { toast: 'steward-toast' } }} />
        </TooltipProvider>
      </QueryClientProvider>
    </StrictMode>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
