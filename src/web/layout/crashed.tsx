import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '#web/kit/button.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';

/** A page that broke, or whose code could not be loaded (a new version was installed meanwhile). */
export function Crashed({ error: thrown, reset }: ErrorComponentProps) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const router = useRouter();
  return (
    <Failure
      what="This page could not be shown."
      error={error}
      retry={() => {
        if (/import|chunk|module/i.test(error.message)) location.reload();
        else void router.invalidate().then(reset);
      }}
    />
  );
}

export function Missing() {
  return (
    <main>
      <Empty
        title="There is no such page."
        className="min-h-dvh justify-center"
        action={
          <Button asChild kind="primary">
            <Link to="/">Go to Today</Link>
          </Button>
        }
      >
        The address may be mistyped, or the thing was deleted.
      </Empty>
    </main>
  );
}
