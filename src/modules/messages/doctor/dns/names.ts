import { domainToASCII } from 'node:url';

/** A name as it is compared and asked for: lower case, ASCII, without the dot of the root. */
export function plainName(name: string): string {
  const bare = name.trim().replace(/\.$/, '').toLowerCase();
  // Underscores are no host names, and URLs refuse some of them: what is ASCII already stays as it is.
  return /^[\x21-\x7e]*$/.test(bare) ? bare : domainToASCII(bare);
}

export function domainOf(address: string): string {
  return plainName(address.slice(address.lastIndexOf('@') + 1));
}

/** Is it this name, or one below it? */
export function isUnder(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}
