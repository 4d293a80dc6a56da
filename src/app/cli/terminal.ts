import { createInterface } from 'node:readline/promises';
import type { Terminal } from '#core/operation/cli.ts';

/** This process's own terminal. Questions and progress go to stderr: stdout belongs to the answer. */
export function openTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // `steward … | head`: the reader left, which is its right.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: stdout.isTTY ? stdout.columns : null,
    interactive: stdin.isTTY && stderr.isTTY,
    async confirm(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      const answer = await lines.question(`${question} [y/N] `);
      lines.close();
      return /^y(es)?$/i.test(answer.trim());
    },
    async askSecret(name) {
      stderr.write(`${name}: `);
      const typed = await readHidden();
      stderr.write('\n');
      return typed;
    },
  };
}

/** One line in raw mode, so that nothing is echoed. Ctrl-C ends the command. */
function readHidden(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve) => {
    let typed = '';
    stdin.setRawMode(true).setEncoding('utf8').resume();
    const read = (chunk: string) => {
      for (const key of chunk) {
        if (key === '\u0003') process.exit(130);
        if (key === '\r' || key === '\n' || key === '\u0004') {
          stdin.off('data', read).setRawMode(false).pause();
          return resolve(typed);
        }
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on('data', read);
  });
}

/** Ends the process once all that was printed has left it. */
export function leave(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}
