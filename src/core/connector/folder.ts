import { z } from 'zod';

/** The folder of a bucket that files are kept in, as the form of its connection asks for it; empty is the bucket itself. */
export const folder = () =>
  z
    .string()
    .trim()
    .regex(/^[\w.-]*(\/[\w.-]+)*\/?$/, 'holds letters, digits, points, dashes and slashes')
    .default('steward')
    .describe('Folder in it');

/** What names of files in that folder begin with. */
export const prefixOf = (named: string) => (named === '' ? '' : `${named.replace(/\/$/, '')}/`);
