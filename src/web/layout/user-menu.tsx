import { lazy, Suspense, useState, type ComponentProps } from 'react';
import { UserAvatar } from '#web/kit/user-avatar.tsx';
import { useMe } from '#web/kit/session.ts';

const load = () => import('./user-menu-items.tsx').then((module) => ({ default: module.UserMenuItems }));
const Items = lazy(load);

/** Its code comes with the pointer or the focus: no page needs it to show. */
export function UserMenu() {
  const [wanted, setWanted] = useState(false);
  const fetch = () => void load();
  const button = (more: ComponentProps<'button'>) => (
    <AccountButton aria-haspopup="menu" onPointerEnter={fetch} onFocus={fetch} onClick={() => setWanted(true)} {...more} />
  );
  if (!wanted) return button({ onKeyDown: (event) => event.key === 'ArrowDown' && setWanted(true) });
  return (
    <Suspense fallback={button({ 'aria-busy': true })}>
      <Items trigger={<AccountButton />} />
    </Suspense>
  );
}

function AccountButton(props: ComponentProps<'button'>) {
  const me = useMe();
  const name = me.full_name || me.email;
  return (
    <button type="button" aria-label={`Account of ${name}`} className="rounded-full" {...props}>
      <UserAvatar userId={me.id} name={name} />
    </button>
  );
}
