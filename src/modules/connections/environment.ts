import type { Config } from '#core/config.ts';
import { isLoopback } from '#core/connector/loopback.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { Misconfigured } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { openCredentials, parseCredentials, sealCredentials, type RawCredentials } from './credentials.ts';

const FIRST_COMPANY: Statement = { name: 'connections.first_company', text: 'select id from companies order by created_at, id limit 1' };
const KNOWN: Statement = {
  name: 'connections.environment.known',
  text: `select id, connector, sealed_credentials as sealed from connections where company_id = $1 and origin = 'environment' for update`,
};
const CREATE: Statement = {
  name: 'connections.environment.create',
  text: `insert into connections (id, company_id, connector, title, sealed_credentials, origin, created_at, updated_at) values ($1, $2, $3, $4, $5, 'environment', $6, $6)
         on conflict (company_id, connector) where origin = 'environment' do nothing`,
};
const UPDATE: Statement = {
  name: 'connections.environment.update',
  text: `update connections set sealed_credentials = $3, state = 'untested', error = null, updated_at = $4 where id = $1 and company_id = $2`,
};
const REMOVE: Statement = {
  name: 'connections.environment.remove',
  text: `delete from connections where company_id = $1 and origin = 'environment' and connector = any($2::text[])`,
};

/**
 * Connections that the environment asks for (SMTP_URL or a mail service's key, IMAP_URL, OPENAI_API_KEY, ANTHROPIC_API_KEY) for the first
 * company. Whatever the number of calls there is one of each; a changed setting changes it, a setting that is gone takes it away: without one for mail nothing leaves.
 */
export async function connectionsFromEnvironment(tx: Transaction, runtime: Runtime): Promise<void> {
  const [company] = await tx.query<{ id: string }>(FIRST_COMPANY, []);
  if (company === undefined) return;
  const wanted = fromConfig(runtime.config);
  const known = await tx.query<{ id: string; connector: string; sealed: string }>(KNOWN, [company.id]);
  const gone = known.filter((row) => !wanted.some((want) => want.connector === row.connector)).map((row) => row.connector);
  if (gone.length > 0) await tx.query(REMOVE, [company.id, gone]);
  const now = runtime.clock.now();
  for (const { connector, title, credentials } of wanted) {
    parseCredentials(await runtime.connectors.load(connector), credentials);
    const row = known.find((candidate) => candidate.connector === connector);
    if (row === undefined) {
      const id = newId();
      await tx.query(CREATE, [id, company.id, connector, title, sealCredentials(runtime.secrets, id, credentials), now]);
    } else if (!same(opened(runtime, row), credentials)) {
      await tx.query(UPDATE, [row.id, company.id, sealCredentials(runtime.secrets, row.id, credentials), now]);
      await runtime.effects.release(tx, row.id);
    }
  }
}

/** Null when it was sealed with a key that is gone: the environment knows the credentials anyway. */
function opened(runtime: Runtime, row: { id: string; sealed: string }): RawCredentials | null {
  try {
    return openCredentials(runtime.secrets, row.id, row.sealed);
  } catch (error) {
    if (error instanceof Misconfigured) return null;
    throw error;
  }
}

function same(a: RawCredentials | null, b: RawCredentials): boolean {
  const sorted = (value: RawCredentials) => JSON.stringify(Object.entries(value).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return a !== null && sorted(a) === sorted(b);
}

interface Wanted {
  readonly connector: string;
  readonly title: string;
  readonly credentials: RawCredentials;
}

type MailConfig = Pick<
  Config,
  'SMTP_URL' | 'RESEND_API_KEY' | 'SENDGRID_API_KEY' | 'EMAIL_SERVICE' | 'FROM_EMAIL' | 'DEFAULT_FROM_EMAIL' | 'FROM_NAME'
>;

const MAIL_SETTINGS = { smtp: 'SMTP_URL', resend: 'RESEND_API_KEY', sendgrid: 'SENDGRID_API_KEY' } as const;

/**
 * The one that sends: EMAIL_SERVICE, else the first that is set up. One only, so that nobody has to guess which of two it was.
 * @throws Misconfigured when EMAIL_SERVICE names one that is not set up
 */
function mailFromConfig(config: MailConfig): Wanted | null {
  const services = ['smtp', 'resend', 'sendgrid'] as const;
  const service = config.EMAIL_SERVICE ?? services.find((name) => config[MAIL_SETTINGS[name]] !== undefined);
  if (service === undefined) return null;
  const setting = MAIL_SETTINGS[service];
  const value = config[setting];
  if (value === undefined)
    throw new Misconfigured(`EMAIL_SERVICE is ${service}, but ${setting} is not set. Set it, or leave EMAIL_SERVICE out`);
  const from = config.FROM_EMAIL ?? config.DEFAULT_FROM_EMAIL;
  const sender = {
    ...(from === undefined ? {} : { from_email: from }),
    ...(config.FROM_NAME === undefined ? {} : { from_name: config.FROM_NAME }),
  };
  const way =
    service === 'smtp'
      ? mailServer('SMTP_URL', value.reveal(), { plain: 'smtp:', tls: 'smtps:', port: 587, tlsPort: 465 })
      : { api_key: value.reveal() };
  return { connector: service, title: `Email (${setting})`, credentials: { ...way, ...sender } };
}

/** @throws Misconfigured naming the variable, never its value */
export function fromConfig(config: MailConfig & Pick<Config, 'IMAP_URL' | 'OPENAI_API_KEY' | 'ANTHROPIC_API_KEY'>): Wanted[] {
  const mail = mailFromConfig(config);
  const wanted: Wanted[] = mail === null ? [] : [mail];
  if (config.IMAP_URL !== undefined) {
    const server = mailServer('IMAP_URL', config.IMAP_URL.reveal(), { plain: 'imap:', tls: 'imaps:', port: 143, tlsPort: 993 });
    wanted.push({ connector: 'imap', title: 'Replies (IMAP_URL)', credentials: server });
  }
  if (config.OPENAI_API_KEY !== undefined)
    wanted.push({ connector: 'openai', title: 'OpenAI (OPENAI_API_KEY)', credentials: { api_key: config.OPENAI_API_KEY.reveal() } });
  if (config.ANTHROPIC_API_KEY !== undefined)
    wanted.push({
      connector: 'anthropic',
      title: 'Anthropic (ANTHROPIC_API_KEY)',
      credentials: { api_key: config.ANTHROPIC_API_KEY.reveal() },
    });
  return wanted;
}

/** `smtp://user:password@host:587?mailbox=…`: parts are URL-encoded. A path or `?mailbox=` names an IMAP folder. */
function mailServer(variable: string, text: string, kind: { plain: string; tls: string; port: number; tlsPort: number }): RawCredentials {
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || (url.protocol !== kind.plain && url.protocol !== kind.tls)) {
    throw new Misconfigured(`${variable} must look like ${kind.tls}//user:password@host:${kind.tlsPort} (user and password URL-encoded)`);
  }
  const tls = url.protocol === kind.tls;
  const folder = decodeURIComponent(url.pathname.replace(/^\//, ''));
  return {
    host: url.hostname,
    port: url.port === '' ? (tls ? kind.tlsPort : kind.port) : Number(url.port),
    ...(tls ? { security: 'tls' } : {}),
    ...(!tls && url.username === '' && isLoopback(url.hostname) ? { security: 'none' } : {}),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(kind.plain === 'imap:' && folder !== '' ? { mailbox: folder } : {}),
  };
}
