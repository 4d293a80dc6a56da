import { Avatar } from './avatar.tsx';
import { useRead } from './query.ts';

/** Where a user's picture is; undefined: they have none. The list is read once for all of a page. */
export function usePicture(userId: string): string | undefined {
  const pictures = useRead('pictures.list', {});
  const found = pictures.data?.items.find((picture) => picture.user_id === userId);
  // the moment of its change makes a new one a new address
  return found === undefined ? undefined : `/api/users/${userId}/picture?at=${encodeURIComponent(found.updated_at)}`;
}

/** A colleague: their picture, else their initials. */
export function UserAvatar({ userId, name, size = 'md' }: { userId: string; name: string; size?: 'sm' | 'md' | 'lg' }) {
  const src = usePicture(userId);
  return <Avatar name={name} size={size} {...(src === undefined ? {} : { src })} />;
}
