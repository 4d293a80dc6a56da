/** Text of a file inside a block is shown, never read as a placeholder. */
export const quoted = (text: string): string => (text.includes('{') ? `{% raw %}${text.replaceAll('{% endraw %}', '')}{% endraw %}` : text);
