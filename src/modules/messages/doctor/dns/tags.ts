/** `v=DKIM1; k=rsa; p=…` (RFC 6376, 3.2). Null: it is no list of tags. A tag that stands twice makes it none. */
export function tagsOf(text: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const match = /^\s*([A-Za-z][A-Za-z0-9_]*)\s*=([^]*)$/.exec(part);
    if (match?.[1] === undefined || match[2] === undefined) return null;
    const name = match[1].toLowerCase();
    if (tags.has(name)) return null;
    tags.set(name, match[2].trim());
  }
  return tags.size === 0 ? null : tags;
}
