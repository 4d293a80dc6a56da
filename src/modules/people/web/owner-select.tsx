import type { Output } from '#web/kit/api.ts';
import { Select } from '#web/kit/field.tsx';
import { useRead } from '#web/kit/query.ts';
import { useSave } from './details.tsx';
import { userName } from '#web/kit/user-name.ts';

/** Who looks after this person. */
export function OwnerSelect({ person }: { person: Output<'people.get'> }) {
  const users = useRead('users.list', { limit: 200, is_active: true });
  const save = useSave(person);
  return (
    <label className="flex items-center gap-2 text-sm text-ink-2">
      Looked after by
      <Select
        className="w-44"
        value={person.owner_id ?? ''}
        onChange={(event) => void save({ owner_id: event.target.value === '' ? null : event.target.value })}
      >
        <option value="">Nobody</option>
        {(users.data?.items ?? []).map((user) => (
          <option key={user.id} value={user.id}>
            {userName(user)}
          </option>
        ))}
      </Select>
    </label>
  );
}
