import { useNavigate } from '@tanstack/react-router';
import { Tabs } from '#web/kit/tabs.tsx';

const places = [
  { value: '/insights', label: 'Forecast' },
  { value: '/insights/reports', label: 'Reports' },
  { value: '/insights/targets', label: 'Targets' },
  { value: '/insights/watches', label: 'Watches' },
] as const;
type Place = (typeof places)[number]['value'];

/** The pages of analytics, side by side. */
export function AnalyticsTabs({ at }: { at: Place }) {
  const navigate = useNavigate();
  return (
    <div className="mb-6">
      <Tabs label="Analytics" items={places} value={at} onChange={(to) => void navigate({ to })} />
    </div>
  );
}
