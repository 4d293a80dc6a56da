import type { Tone } from '#web/kit/badge.tsx';

export const kinds: Record<string, string> = { people: 'People', organisations: 'Organisations', deals: 'Deals', interactions: 'Timeline' };

/** Minutes between runs, as people say it. */
export const rhythms: readonly (readonly [minutes: number | null, words: string])[] = [
  [5, 'Every 5 minutes'],
  [15, 'Every 15 minutes'],
  [60, 'Every hour'],
  [360, 'Every 6 hours'],
  [1440, 'Once a day'],
  [null, 'Only when I press Run'],
];

export function rhythmWords(minutes: number | null): string {
  return rhythms.find(([each]) => each === minutes)?.[1] ?? `Every ${minutes ?? 0} minutes`;
}

interface StateOf {
  state: string;
  running: boolean;
  error: string | null;
}

/** How a source stands, in a word that catches the eye. */
export function standing(source: StateOf): [words: string, tone: Tone] {
  if (source.running) return ['Reading now', 'accent'];
  if (source.state === 'draft') return ['Not run yet', 'neutral'];
  if (source.error !== null) return ['Failed', 'bad'];
  return source.state === 'paused' ? ['Paused', 'neutral'] : ['In step', 'ok'];
}

export const runStates: Record<string, [words: string, tone: Tone]> = {
  running: ['Running', 'accent'],
  done: ['Done', 'ok'],
  failed: ['Failed', 'bad'],
  stopped: ['Stopped', 'neutral'],
};

/** Why a run began. */
export const triggers: Record<string, string> = {
  first: 'First run',
  schedule: 'By schedule',
  manual: 'By hand',
  hint: 'By a webhook',
  archive: 'From the archive',
};

/** 12,345 → `12.3 kB`. */
export function bytesOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export const transforms: Record<string, string> = {
  none: 'As it comes',
  lower: 'Lower case',
  title: 'Capital First Letters',
  first_word: 'First word',
  rest: 'All but the first word',
  first_of_list: 'First of a list',
  yes_no: 'Yes or no',
  day_first: 'Date, day first',
  month_first: 'Date, month first',
};

const fieldNames: Record<string, string> = {
  email: 'Email',
  name: 'Name',
  first_name: 'First name',
  last_name: 'Last name',
  phone: 'Phone',
  organisation: 'Organisation',
  owner: 'Owner',
  language: 'Language',
  time_zone: 'Time zone',
  country: 'Country',
  domain: 'Domain',
  at: 'When',
  type: 'What it was',
  person: 'Person there',
  content: 'Text',
};

export const fieldName = (field: string): string => fieldNames[field] ?? field.replace(/^custom\./, '').replaceAll('_', ' ');
