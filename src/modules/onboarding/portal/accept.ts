import type { TaskSpec } from '../plan/task.ts';

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

const WORDS = { any: 'Any file', pdf: 'A PDF', picture: 'A picture', document: 'A PDF or an office document' } as const;

/** For the file dialog of a browser. */
export const acceptOf = ({ accept = 'any' }: TaskSpec): string => TYPES[accept]?.join(',') ?? '';
export const acceptWords = ({ accept = 'any' }: TaskSpec): string => WORDS[accept];
export const accepts = ({ accept = 'any' }: TaskSpec, type: string): boolean => TYPES[accept]?.some((one) => one === type) ?? true;
