import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { fastify } from 'fastify';
import { cpuSeconds } from './cpu.ts';
import { median, row, title } from './report.ts';
import { startSteward } from './steward-process.ts';

/**
 * Landing pages against a static answer: plain Fastify in a process of its own that sends the very bytes and headers which Steward sent, from
 * memory, to whoever asks. In turn, so that a drifting machine hits both. With a form, and without; packed, as browsers ask for it, and plain.
 */
const CONNECTIONS = Number(process.env['BENCH_CONNECTIONS'] ?? 20);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const WARM_UP_SECONDS = 2;
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const FILE = fileURLToPath(import.meta.url);

interface Copy {
  readonly headers: Record<string, string>;
  readonly base64: string;
}

if (process.argv[2] === 'static') await serveCopy();
else await measure();

/** The other side: one answer, whatever is asked. */
async function serveCopy(): Promise<void> {
  const http = fastify();
  let copy: { readonly headers: Copy['headers']; readonly body: Buffer } | null = null;
  http.get('/', (_request, reply) => reply.headers(copy?.headers ?? {}).send(copy?.body));
  await http.listen({ host: '127.0.0.1', port: 0 });
  process.on('message', ({ headers, base64 }: Copy) => {
    copy = { headers, body: Buffer.from(base64, 'base64') };
    process.send?.({ taken: true });
  });
  const address = http.server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/` });
}

async function measure(): Promise<void> {
  const steward = await startSteward({ ROLE: 'web' });
  const other = fork(FILE, ['static'], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  try {
    const [{ url }] = await once(other, 'message');
    const headers = { authorization: `Bearer ${await steward.token()}`, 'content-type': 'application/json' };
    await fetch(`${steward.url}/contact`); // makes the form that the page asks with
    const form = await published(steward.url, headers, { title: 'Bench', slug: 'bench', template: 'trade' });
    const none = await published(steward.url, headers, { title: 'Plain', slug: 'plain', blocks: await withoutForm(steward.url, headers, form) });
    for (const [name, page] of [['with its form', form.url], ['without a form', none.url]] as const)
      for (const packed of ['br, gzip', 'identity']) {
        const asked = { ...BROWSER, 'accept-encoding': packed };
        const copy = await copyOf(page, asked);
        other.send(copy);
        await once(other, 'message');
        await compare(`a landing page ${name}, ${packed === 'identity' ? 'plain' : 'packed'}`, [[page, steward.child.pid], [url, other.pid], [`${steward.url}/robots.txt`, steward.child.pid]], asked, copy);
      }
    const looks = await fetch(`${steward.url}/api/landing-pages/${form.id}/figures`, { headers });
    console.log(`\nlooks that are written down: ${JSON.stringify(await looks.json().then((figures) => Object(figures).visits))} of the page with a form`);
  } finally {
    other.kill();
    await steward.stop();
  }
} // prettier-ignore

interface Page {
  readonly id: string;
  readonly url: string;
  readonly blocks: readonly { readonly type: string; readonly actions?: readonly unknown[] }[];
}

async function published(url: string, headers: Record<string, string>, page: object): Promise<Page> {
  const post = async (path: string, body: object): Promise<Page> => {
    const reply = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply.json() as Promise<Page>; // as the operations say
  };
  const made = await post('/api/landing-pages', page);
  await post(`/api/landing-pages/${made.id}/publish`, {});
  return { ...made, url: `${url}/go/${Object(page).slug}` };
}

/** The same blocks, but the form and what leads to it. */
async function withoutForm(url: string, headers: Record<string, string>, { id }: Page): Promise<readonly object[]> {
  const page = (await (await fetch(`${url}/api/landing-pages/${id}`, { headers })).json()) as Page; // as the operation says
  const text = JSON.stringify(page.blocks.filter(({ type }) => type !== 'form')).replaceAll('"#form"', '"https://acme.test"');
  return JSON.parse(text) as object[]; // what was stringified
}

/** What Steward answers: the bytes as they go over the wire, and the headers that make them up. */
async function copyOf(page: string, headers: Record<string, string>): Promise<Copy> {
  const { get } = await import('node:http');
  const reply = await new Promise<{ headers: Record<string, string>; base64: string }>((resolve, reject) => {
    get(page, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])), base64: Buffer.concat(parts).toString('base64') })); // prettier-ignore
    }).on('error', reject);
  });
  for (const name of ['connection', 'keep-alive', 'date', 'transfer-encoding']) delete reply.headers[name];
  return reply;
}

/** Where it is asked, and the process that answers. */
type Side = readonly [url: string, pid: number | undefined];

async function compare(name: string, sides: readonly Side[], headers: Record<string, string>, { base64 }: Copy): Promise<void> {
  const [ours = [], theirs = [], robots = []] = sides.map((): Figures[] => []);
  for (const side of sides) await load(side, headers, WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, into] of [ours, theirs, robots].entries()) into.push(await load(sides[i] ?? ['', 0], headers, SECONDS));
  title(name, `${(Buffer.from(base64, 'base64').length / 1_000).toFixed(1)} kB, ${CONNECTIONS} connections, ${ROUNDS} × ${SECONDS} s each, in turn`);
  for (const [what, figures] of [['Steward', ours], ['a static answer', theirs], ['Steward’s /robots.txt', robots]] as const) {
    row(what, figures);
    console.log(`  ${' '.repeat(26)} ${median(figures.map(({ cpuMicros }) => cpuMicros)).toFixed(0).padStart(7)} µs of processor time each`);
  }
  for (const [what, side] of [['the static answer', theirs], ['/robots.txt', robots]] as const) {
    const ratio = (of: (one: Figures) => number) => median(ours.map((one, i) => of(one) / (side[i] === undefined ? Number.NaN : of(side[i])))).toFixed(2);
    console.log(`  ratio to ${what.padEnd(18)} ${ratio(({ perSecond }) => perSecond)}   by processor time ${ratio(({ cpuMicros }) => 1 / cpuMicros)}`);
  }
} // prettier-ignore

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the process that answers and all below it: Steward's PostgreSQL, too. */
  readonly cpuMicros: number;
}

async function load([url, pid = 0]: Side, headers: Record<string, string>, seconds: number): Promise<Figures> {
  const before = await cpuSeconds(pid);
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests: [{ method: 'GET', headers }] });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  const cpuMicros = ((await cpuSeconds(pid)) - before) / result.requests.total * 1e6;
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99, cpuMicros };
} // prettier-ignore
