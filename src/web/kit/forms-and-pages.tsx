import { Link } from '@tanstack/react-router';

const PLACES = [
  { to: '/forms', label: 'Forms' },
  { to: '/pages', label: 'Landing pages' },
] as const;

/** What brings leads in by itself stands together: forms, and the pages that they stand on. */
export function FormsAndPages() {
  return (
    <nav aria-label="Forms and landing pages" className="mb-4 flex gap-5 border-b">
      {PLACES.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="-mb-px flex h-10 items-center border-b-2 border-transparent text-sm text-ink-2 hover:text-ink"
          activeProps={{ className: '!border-ink font-medium !text-ink' }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
