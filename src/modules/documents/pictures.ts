import type { Content } from './draw/content.ts';

/** Every picture that a document shows, its logo among them. */
export const picturesOf = ({ parts, look }: Content): string[] => [
  ...new Set([...(look.logo === null ? [] : [look.logo]), ...parts.flatMap((part) => (part.type === 'picture' ? [part.picture] : []))]),
];
