/** Everything that people wrote goes through here on its way into XML; what XML 1.0 can't hold is left out. */
export function xml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- XML 1.0, 2.2: characters that no document may hold
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').toWellFormed();
  return clean.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const NAMESPACES =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';

/** English metric units: 914,400 an inch, 12,700 a point (ECMA-376, 20.1.10.16). */
export const emu = (points: number): number => Math.round(points * 12_700);

/** `#3b57cf` as DrawingML writes it. */
export const srgb = (hex: string): string => hex.slice(1).toUpperCase();

/** What a part of the file refers to, by the ids `rId1` … in the order of asking. */
export class Relations {
  readonly #list: string[] = [];

  add(kind: string, target: string, outside = false): string {
    const id = `rId${this.#list.length + 1}`;
    const type = kind.includes(':') ? kind : `http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}`;
    this.#list.push(`<Relationship Id="${id}" Type="${type}" Target="${xml(target)}"${outside ? ' TargetMode="External"' : ''}/>`);
    return id;
  }

  text(): string {
    return `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${this.#list.join('')}</Relationships>`;
  }
}
