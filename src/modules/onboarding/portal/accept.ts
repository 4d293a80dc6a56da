import type { Spoken } from '#core/language.ts';
import type { TaskSpec } from '../plan/task.ts';
import { ONBOARDING_WORDS } from './words.ts';

/** Media types by what a plan says, as `sniff` tells them from the first bytes. */
const TYPES = {
  any: null,
  pdf: ['application/pdf'],
  picture: ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/gif'],
  document: [
    'application/pdf',
    'application/msword',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.oasis.opendocument.text',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.oasis.opendocument.spreadsheet',
    'application/rtf',
    'text/plain',
  ],
} as const;

/** For the file dialog of a browser. */
export const acceptOf = ({ accept = 'any' }: TaskSpec): string => TYPES[accept]?.join(',') ?? '';
export const acceptWords = ({ accept = 'any' }: TaskSpec, language: Spoken): string => ONBOARDING_WORDS[language].accept[accept];
export const accepts = ({ accept = 'any' }: TaskSpec, type: string): boolean => TYPES[accept]?.some((one) => one === type) ?? true;
