import { connect as connectSocket } from 'node:net';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { AppError, Misconfigured, Unavailable } from '#core/errors.ts';
import type { RestAnswer, RestCall, Transport } from '#core/operation/cli.ts';
import { readOperatorFile, type OperatorFile } from '../operator-file.ts';

/**
 * How a command reaches Steward: STEWARD_URL if set; else, on the machine that holds the data, the running server as its
 * local operator; else in this very process. REST in every case.
 * @throws Misconfigured, Unavailable with the next step to take
 */
export async function connect(config: Config, company: string | null): Promise<Transport> {
  if (config.STEWARD_URL !== undefined) {
    if (company !== null) {
      throw new Misconfigured(
        'An API key belongs to one company: leave --company out, or set STEWARD_API_KEY to a key of the other company',
      );
    }
    const key = config.STEWARD_API_KEY?.reveal();
    return overHttp(config.STEWARD_URL, key === undefined ? {} : { authorization: `Bearer ${key}` });
  }
  const operator = await readOperatorFile(config.home);
  if (operator !== undefined && (await listens(operator))) return overHttp(operator.url, operatorHeaders(operator.token, company));
  return inProcess(config, company);
}

/** Names may hold any letter, headers may not. */
const operatorHeaders = (token: string, company: string | null) => ({
  authorization: `Bearer ${token}`,
  ...(company === null ? {} : { 'x-steward-company': encodeURIComponent(company) }),
});

/** The file outlives a killed server. */
function listens({ url }: OperatorFile): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connectSocket({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
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
          `Steward at ${url.origin} does not answer (${cause}). Is it running there? Start it with npm start, or correct STEWARD_URL`,
          {
            cause: error,
          },
        );
      }
    },
    async download(path) {
      const answer = await fetch(new URL(path, base), { headers: { 'x-steward-face': 'cli', ...credentials } });
      if (!answer.ok || answer.body === null) throw new Unavailable(`The file could not be had: ${answer.status} ${await answer.text()}`);
      return answer.body;
    },
    close: async () => undefined,
  };
}

async function inProcess(config: Config, company: string | null): Promise<Transport> {
  const { openInProcess } = await import('./in-process.ts');
  const steward = await openInProcess(config);
  return {
    async request({ method, path, body, headers }) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await steward.http.inject({
        method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).parse(method),
        url: path,
        headers: { 'x-steward-face': 'cli', ...json, ...headers, ...operatorHeaders(steward.operatorToken, company) },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: parseAnswer(answer.body, new URL('http://steward.local')) };
    },
    async download(path) {
      const headers = { 'x-steward-face': 'cli', ...operatorHeaders(steward.operatorToken, company) };
      const answer = await steward.http.inject({ method: 'GET', url: path, headers, payloadAsStream: true });
      if (answer.statusCode >= 400) throw new Unavailable(`The file could not be had: ${answer.statusCode}`);
      return answer.stream();
    },
    close: () => steward.close(),
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
