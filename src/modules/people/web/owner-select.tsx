import type { Output } from '#web/kit/api.ts';
import { Select } from '#web/kit/field.tsx';
import { useRead } from '#web/kit/query.ts';
import { useSave } from './details.tsx';
import { useSavedChoice } from '#web/kit/saving.ts';
import { userName } from '#web/kit/user-name.ts';

/** Who looks after this person. */
export function OwnerSelect({ person }: { person: Output<'people.get'> }) {
  const users = useRead('users.list', { limit: 200, is_active: true });
  const save = useSave(person);
  const [owner, choose] = useSavedChoice(person, person.owner_id ?? '', (id, before) =>
    save({ owner_id: id === '' ? null : id }, before.updated_at),
  );
  return (
    <label className="flex items-center gap-2 text-sm text-ink-2">
      Looked after by
      <Select className="w-44" value={owner} onChange={(event) => choose(event.target.value)}>
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
