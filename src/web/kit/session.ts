import { call, type Output } from './api.ts';
import { useRead } from './query.ts';

export type Me = Output<'users.me'>;

/** Who is signed in, and for which company. The shell has loaded it before any page shows. */
export function useMe(): Me {
  const { data } = useRead('users.me', {});
  if (data === undefined) throw new Error('A page was shown outside the shell.');
  return data;
}

const order = ['user', 'manager', 'admin'];

/** Hides what this role may not do; the server refuses it anyway. */
export function useMay(role: 'manager' | 'admin'): boolean {
  return order.indexOf(useMe().role) >= order.indexOf(role);
}

/** Ends the session here; a full load forgets everything that was read. */
export function useSignOut(): () => void {
  return () => {
    void call('sessions.end', {}).finally(() => location.assign('/sign-in'));
  };
}
