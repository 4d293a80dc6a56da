import { ProductsPanel } from './products.tsx';
import { RatesPanel } from './rates.tsx';
import { StagesPanel } from './stages.tsx';

/** What deals go through, what is sold, and what other currencies are worth. */
export function SalesSettings() {
  return (
    <div className="max-w-4xl space-y-6">
      <p className="max-w-xl text-sm text-ink-2">The stages that deals go through, what is sold, and what other currencies are worth.</p>
      <StagesPanel />
      <ProductsPanel />
      <RatesPanel />
    </div>
  );
}
