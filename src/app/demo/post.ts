import { newId } from '#core/ids.ts';
import { receiveSms, takeIn } from '#modules/messages/public.ts';
import { query } from './sql.ts';
import type { Stage } from './stage.ts';

/** A mail that somebody writes to the firm. */
export interface Letter {
  readonly from: { readonly name: string; readonly email: string };
  /** Whom it is to; the firm's own address by default. */
  readonly to?: string;
  readonly subject: string;
  readonly text: string;
  /** The Message-ID that it answers. */
  readonly below?: string;
  readonly away?: boolean;
}

const MAILBOX = `insert into connections (id, company_id, connector, title, sealed_credentials, state, account, created_at, updated_at)
  values ($1, $2, 'imap', 'Mailbox of the demo', '', 'ok', 'hello@nordlicht.example', $3, $3)`;

/** The firm's mailbox: a prop that stands there while the story is told. What is put in is read as any mail is. */
export class Post {
  readonly #stage: Stage;
  readonly #companyId: string;
  readonly #id = newId();
  #mails = 0;
  constructor(stage: Stage, companyId: string) {
    this.#stage = stage;
    this.#companyId = companyId;
  }

  open(): Promise<unknown> {
    return query(this.#stage, MAILBOX, [this.#id, this.#companyId, this.#stage.clock.now()]);
  }

  close(): Promise<unknown> {
    return query(this.#stage, 'delete from connections where id = $1', [this.#id]);
  }

  async brings({ from, to = 'Nora Lindqvist <hello@nordlicht.example>', subject, text, below, away = false }: Letter): Promise<void> {
    const now = this.#stage.clock.now();
    const mail = [
      `From: ${from.name} <${from.email}>`,
      `To: ${to}`,
      `Subject: ${subject}`,
      `Message-ID: <${(this.#mails += 1)}@${from.email.split('@')[1]}>`,
      ...(below === undefined ? [] : [`In-Reply-To: ${below}`, `References: ${below}`]),
      `Date: ${now.toUTCString()}`,
      ...(away ? ['Auto-Submitted: auto-replied'] : []),
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      text,
      '',
      from.name,
    ].join('\r\n');
    await takeIn(
      this.#stage.steward.runtime,
      { companyId: this.#companyId, connectionId: this.#id },
      [{ externalId: `demo/${this.#mails}`, raw: Buffer.from(mail), receivedAt: now }],
      `1:${this.#mails}`,
    );
  }

  /** An SMS of somebody whose number is known. */
  async texts(from: string, text: string): Promise<void> {
    const { runtime } = this.#stage.steward;
    const key = `demo/${(this.#mails += 1)}`;
    const sms = { kind: 'sms', key, from, to: '+494066969000', text, optOut: false } as const;
    const to = { companyId: this.#companyId, connectionId: this.#id };
    await runtime.database.write(this.#companyId, (tx) => receiveSms(tx, runtime, to, sms, 'demo'));
  }
}
