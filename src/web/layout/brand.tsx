import { Link } from '@tanstack/react-router';
import { Skeleton } from '#web/kit/skeleton.tsx';

/** Whose Steward it is; leads home. */
export function Brand({ company }: { company: string | undefined }) {
  return (
    <Link to="/" className="mx-2 my-2.5 flex h-9 items-center gap-2.5 rounded-md px-2 hover:bg-hover">
      <img src="/favicon.svg" alt="" className="size-6" />
      {company === undefined ? <Skeleton className="w-28" /> : <span className="truncate text-sm font-semibold">{company}</span>}
    </Link>
  );
}
