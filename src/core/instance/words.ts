import { MIGRATED, type Held } from './standing.ts';

/** A sentence or two for a person: how it was found. */
export function sayWhyHeld({ because, note, restored, other }: Held): string {
  switch (because) {
    case 'restored': {
      if (restored === null) return 'This database was restored from a backup.';
      const at = restored.from === null ? '' : ` at ${restored.from}`;
      return restored.reason === MIGRATED
        ? `This database was moved here from another one, as it stood ${dayOf(restored.takenAt)}${at}.`
        : `This database was restored from a backup. It was taken ${dayOf(restored.takenAt)}${at}.`;
    }
    case 'went_back':
      return 'This database is an older state of itself: it was put back by other means than Steward’s own.';
    case 'asked':
      return note === null ? 'STEWARD_HELD asked for it.' : `Somebody asked for it: ${note}.`;
    case 'copied':
      return `This data directory is a copy${other === null ? '' : ` of ${other}`}.`;
    case 'moved':
      return `This database is at another address than before${other === null ? '' : `, when ${other} worked on it`}: it may be a copy.`;
    case 'unknown':
      return 'This database was made by another installation, and no process of it is at work here: it may be a copy.';
    case 'taken_over':
      return `Another one was released since, and works on this database${other === null ? '' : `: ${other}`}.`;
  }
}

const dayOf = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
