import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(`./client/${name}`, import.meta.url), 'utf8');

/** The page's own script stands in the page; its policy allows this very text and no other. */
export const FORM_SCRIPT = read('form.js');
export const FORM_SCRIPT_HASH = `'sha256-${createHash('sha256').update(FORM_SCRIPT).digest('base64')}'`;
export const WORKER_SCRIPT = read('worker.js');
export const EMBED_SCRIPT = read('embed.js');
