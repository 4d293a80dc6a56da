import { buildWeb } from './program.ts';

/** One web app for all files of a run, whatever is edited meanwhile. */
export default function setup(): void {
  buildWeb();
}
