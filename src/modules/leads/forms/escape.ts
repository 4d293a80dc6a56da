/** Everything that people wrote goes through here on its way into HTML. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

export const lines = (text: string): string => escape(text).replaceAll('\n', '<br>');
