import { expect, test } from 'vitest';
import { MIGRATED } from './standing.ts';
import { sayWhyHeld } from './words.ts';

test('a database that was moved does not say that it was restored', () => {
  const held = { because: 'restored', since: new Date(0), note: null, other: null } as const;
  const restored = { takenAt: '2026-05-01T10:00:00.000Z', from: 'office:/srv/steward', instance: 'one' };
  expect(sayWhyHeld({ ...held, restored: { ...restored, reason: 'scheduled' } })).toBe(
    'This database was restored from a backup. It was taken 2026-05-01 10:00 UTC at office:/srv/steward.',
  );
  expect(sayWhyHeld({ ...held, restored: { ...restored, reason: MIGRATED } })).toBe(
    'This database was moved here from another one, as it stood 2026-05-01 10:00 UTC at office:/srv/steward.',
  );
  expect(sayWhyHeld({ ...held, restored: null })).toBe('This database was restored from a backup.');
});
