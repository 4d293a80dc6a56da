import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { AppError, Misconfigured, Unavailable } from '#core/errors.ts';
import { openLog } from '#core/log.ts';
import type { RestAnswer, RestCall, Transport } from '#core/operation/cli.ts';

/** `STEWARD_HOME/operator.json`, written by the running web process, readable by its owner only. */
const Operator = z.object({ url: z.url(), token: z.string(), pid: z.int().positive() });

/**
 * How a command reaches Steward: STEWARD_URL if set; else, on the machine that holds the data, the running server as its
 * local operator; else in this very process. REST in every case.
 * @throws Misconfigured, Unavailable with the next step to take
 */
export async function connect(config: Config, company: string | null): Promise<Transport> {
  if (config.STEWARD_URL !== undefined) {
    if (company !== null)
      throw new Misconfigured('An API key belongs to one company: leave --company out, or use the key of the other company');
    const key = config.STEWARD_API_KEY?.reveal();
    return overHttp(config.STEWARD_URL, key === undefined ? {} : { authorization: `Bearer ${key}` });
  }
  const operator = runningOperator(config.home);
  if (operator !== null) return overHttp(operator.url, operatorHeaders(operator.token, company));
  return inProcess(config, company);
}

/** Names may hold any letter, headers may not. */
const operatorHeaders = (token: string, company: string | null) => ({
  authorization: `Bearer ${token}`,
  ...(company === null ? {} : { 'x-steward-company': encodeURIComponent(company) }),
});

function runningOperator(home: string): z.output<typeof Operator> | null {
  const path = join(home, 'operator.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new Misconfigured(
      `${path} belongs to the user who runs Steward; run this command as that user, or set STEWARD_URL and STEWARD_API_KEY`,
      { cause: error },
    );
  }
  const operator = Operator.safeParse(parseJson(text));
  return operator.success && isAlive(operator.data.pid) ? operator.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // half written by a process that was killed: the same as none
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function overHttp(base: string, credentials: Readonly<Record<string, string>>): Transport {
  return {
    async request({ method, path, body, headers }: RestCall): Promise<RestAnswer> {
      const url = new URL(path, base);
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const init = { method, headers: { 'x-steward-face': 'cli', ...json, ...headers, ...credentials } };
      try {
        const answer = await fetch(url, body === undefined ? init : { ...init, body: JSON.stringify(body) });
        return { status: answer.status, body: parseAnswer(await answer.text(), url) };
      } catch (error) {
        if (error instanceof AppError) throw error;
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
        throw new Unavailable(
          `Steward at ${url.origin} does not answer (${cause}). Is it running? Start it with npm start, or correct STEWARD_URL`,
          { cause: error },
        );
      }
    },
    close: async () => {},
  };
}

/** Opens Steward in this process, for one command. Work that the command starts is done when Steward next runs. */
async function inProcess(config: Config, company: string | null): Promise<Transport> {
  const { openSteward } = await import('#app/open.ts');
  const { steward, operatorToken, close } = await openSteward({
    config,
    log: openLog(config.LOG_LEVEL === 'info' ? 'error' : config.LOG_LEVEL),
    web: false,
  });
  return {
    async request({ method, path, body, headers }) {
      const answer = await steward.http.inject({
        // Ours come from declared routes, which know these five only.
        method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).parse(method),
        url: path,
        headers: {
          'x-steward-face': 'cli',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
          ...operatorHeaders(operatorToken, company),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: parseAnswer(answer.body, new URL('http://steward.local')) };
    },
    close,
  };
}

function parseAnswer(text: string, url: URL): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Unavailable(`What answers at ${url.origin} is not Steward; correct STEWARD_URL`, { cause });
  }
}
