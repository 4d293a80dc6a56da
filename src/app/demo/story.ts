import type { Principal } from '#core/operation/principal.ts';
import { createCompany } from '#modules/accounts/public.ts';
import { Business } from './business/business.ts';
import type { Firm, Someone } from './business/firm.ts';
import { CALL_NOTES, HEATINGS, prospect, REPLIES, type ReplyKind } from './cast.ts';
import type { Marker } from './marker.ts';
import { Post } from './post.ts';
import { Dice } from './random.ts';
import { query } from './sql.ts';
import type { Stage } from './stage.ts';
import { Talk } from './talk.ts';
import { decide, switchOn } from './workflows.ts';

const WHAT_WE_DO = 'We plan, fit and look after heating systems for homes and small firms in the north.';
const FIELDS = [
  { key: 'city', label: 'City', type: 'text' },
  { key: 'heating', label: 'Heating today', type: 'choice', options: [...HEATINGS] },
  { key: 'built', label: 'House built in', type: 'number' },
] as const;
const SEGMENTS = [
  {
    name: 'Oil heating, not yet clients',
    condition: {
      all: [
        { field: 'person.custom.heating', is: 'oil' },
        { field: 'lead.status', isNot: 'converted' },
      ],
    },
  },
  { name: 'Hamburg', condition: { field: 'person.custom.city', is: 'Hamburg' } },
] as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Hours (UTC) in which anything happens. */
const DAWN = 6;
const DUSK = 19;
/** Offers that wait for a yes when the reader comes. */
const OPEN_OFFERS = 4;

/** Of those whom the website brings, every second one writes by the form of its page. */
const byTheForm = ({ source }: { readonly source: string }, index: number) => source === 'website' && index % 2 === 0;

interface Letter {
  readonly id: string;
  readonly person_id: string;
  readonly subject: string;
  readonly message_id: string;
}

/** Letters that went out since the last look, to people who have not answered yet. */
const LETTERS = `select id, person_id, subject, message_id from messages
  where company_id = $1 and direction = 'outbound' and class = 'commercial' and state in ('sent', 'captured') and sent_at > $2 and sent_at <= $3`;
const LAST_LETTER = `select id, person_id, subject, message_id from messages
  where company_id = $1 and person_id = $2 and direction = 'outbound' and channel = 'email' order by created_at desc, subject limit 1`;

/** Who comes, what they answer, what the team does with it. Every act goes through the operations that people use. */
export class Story {
  readonly #stage: Stage;
  readonly #dice = new Dice(20_261_121);
  readonly #talk = new Talk();
  readonly #people = new Map<string, Someone>();
  readonly #answered = new Set<string>();
  /** Who said they are interested and got no offer yet, the newest last. */
  #warm: Someone[] = [];
  #due: { readonly at: number; readonly act: () => Promise<void> }[] = [];
  #team: Principal[] = [];
  #companyId = '';
  #props: { readonly post: Post; readonly business: Business } | undefined;
  /** Ids of workflows by their key in the gallery. */
  #workflows: Readonly<Record<string, string>> = {};
  #looked = new Date(0);

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** From the clock's now, a midnight, until `end`. Nights pass at a stroke: nobody writes, nothing may be sent. */
  async tell(end: Date, marker: Marker, progress: (part: number) => void): Promise<void> {
    const { clock } = this.#stage;
    const start = clock.now().getTime();
    await this.#found(marker);
    while (clock.now() < end) {
      const now = clock.now();
      const hour = now.getUTCHours();
      if (hour === 0) progress((now.getTime() - start) / (end.getTime() - start));
      const weekend = [0, 6].includes(now.getUTCDay());
      if (hour >= DAWN && hour < DUSK && this.#dice.chance((weekend ? 1 : 3) / (DUSK - DAWN))) await this.#arrives();
      const step = hour < DAWN ? DAWN - hour : hour < DUSK ? 1 : 24 - hour;
      const sent = await this.#stage.pass(Math.min(step * HOUR_MS, end.getTime() - now.getTime()));
      if (sent) await this.#readLetters();
      this.#looked = clock.now();
      await this.#the.business.goesOn();
      await this.#happen();
    }
    for (const someone of this.#warm.slice(-OPEN_OFFERS)) await this.#offers(someone);
    await this.#the.business.settles();
    await this.#stage.steward.worker.drain();
    await this.#settles();
    progress(1);
  }

  /** The company, its people, and what it writes from. */
  async #found({ email, password }: Marker): Promise<void> {
    const { companyId, adminId } = await createCompany(this.#stage.steward.runtime, {
      name: 'Nordlicht Heating',
      industry: 'Heating and plumbing',
      website: 'https://nordlicht.example',
      settings: {
        time_zone: 'Europe/Berlin',
        currency: 'EUR',
        postal_address: 'Nordlicht Heating, Deichstraße 1, 20459 Hamburg',
        business_description: WHAT_WE_DO,
      },
      admin: { email, password, fullName: 'Nora Lindqvist' },
    });
    if (adminId === null) throw new Error('the demo company has no admin');
    this.#companyId = companyId;
    const nora: Principal = { kind: 'user', companyId, userId: adminId, role: 'admin' };
    this.#team = [nora];
    for (const [fullName, role] of [
      ['Ben Otto', 'manager'],
      ['Cleo Arslan', 'user'],
    ] as const) {
      const made = await this.#stage.call('users.create', { fullName, role, email: `${fullName.split(' ')[0]?.toLowerCase()}@nordlicht.example`, password }, nora); // prettier-ignore
      this.#team.push({ kind: 'user', companyId, userId: String(made['id']), role });
    }
    await this.#stage.call(
      'nurturing.configure',
      {
        whatWeDo: WHAT_WE_DO,
        offer: 'A free first visit within a week.',
        furtherFacts: ['Free first visit', 'Maintenance once a year', 'Workshop in Hamburg'],
        senderName: 'Nora Lindqvist',
        senderRole: 'Owner',
        callToAction: 'Reply with two times that suit you.',
      },
      nora,
    );
    for (const field of FIELDS) await this.#stage.call('custom_fields.create', field, nora);
    const userIds = this.#team.flatMap((one) => (one.kind === 'user' ? [one.userId] : []));
    await this.#stage.call('assignment.create_rule', { name: 'In turn', userIds, pick: 'round_robin' }, nora);
    for (const segment of SEGMENTS) await this.#stage.call('segments.create', segment, nora);
    this.#workflows = await switchOn(this.#stage, nora);
    const post = new Post(this.#stage, companyId);
    await post.open();
    const later = (hours: number, act: () => Promise<void>) => this.#later(hours, act);
    const firm: Firm = { stage: this.#stage, dice: new Dice(20_261_123), team: this.#team, post, companyId, later };
    this.#props = { post, business: new Business(firm) };
    await this.#the.business.begins();
    await this.#stage.steward.worker.drain();
  }

  /** A new lead: typed in, or from the form. Some have been here before. */
  async #arrives(): Promise<void> {
    const who = prospect(this.#dice, this.#people.size);
    const as = this.#dice.pick(this.#team);
    const { name, email, source, notes } = who;
    const typed = { name, email, source, notes, ...(who.phone === null ? {} : { phone: who.phone }) };
    const made = byTheForm(who, this.#people.size)
      ? await this.#the.business.enquires(who)
      : await this.#stage.call('leads.create', typed, as);
    await this.#stage.call(
      'people.update',
      {
        personId: String(made['personId']),
        language: 'en', // what the firm says of itself is English
        custom: { city: who.city, heating: who.heating, built: who.built },
        ...(who.company === null ? {} : { organisation: who.company }),
      },
      as,
    );
    if (who.tags.length > 0) await this.#stage.call('people.tag', { personIds: [String(made['personId'])], tags: who.tags }, as);
    const someone = { leadId: String(made['id']), personId: String(made['personId']), who };
    this.#people.set(someone.personId, someone);
    if (this.#dice.chance(0.15)) this.#later(this.#dice.between(2, 60), () => this.#calls(someone));
  }

  /** Whoever got a letter may answer it, hours or days later. */
  async #readLetters(): Promise<void> {
    const until = this.#stage.clock.now();
    const letters = await this.#sql<Letter>(LETTERS, [this.#companyId, this.#looked, until]);
    // Ids are new each time, people are not: in their order the dice fall the same way for everybody.
    const emailOf = ({ person_id: id }: Letter) => this.#people.get(id)?.who.email ?? '';
    letters.sort((a, b) => (emailOf(a) < emailOf(b) ? -1 : 1));
    for (const letter of letters) {
      if (this.#answered.has(letter.person_id) || !this.#dice.chance(0.22)) continue;
      this.#answered.add(letter.person_id);
      const kind = this.#dice.weighted({ interested: 9, question: 3, later: 4, away: 3, stop: 2, wrong: 1 });
      this.#later(this.#dice.between(1, 50), () => this.#replies(letter, kind));
    }
  }

  async #replies(letter: Letter, kind: ReplyKind): Promise<void> {
    const someone = this.#people.get(letter.person_id);
    if (someone === undefined) return;
    await this.#writes(someone, letter, this.#dice.pick(REPLIES[kind]), kind === 'away');
    this.#talk.begins(
      {
        stage: this.#stage,
        team: this.#team,
        later: (hours, act) => this.#later(hours, act),
        write: async (_, text) => {
          const [last] = await this.#sql<Letter>(LAST_LETTER, [this.#companyId, someone.personId]);
          if (last !== undefined) await this.#writes(someone, last, text);
        },
      },
      someone,
      kind,
    );
    if (kind === 'interested' || kind === 'question') this.#later(this.#dice.between(2, 30), () => this.#calls(someone));
    if (kind !== 'interested') return;
    await this.#the.business.interested(someone);
    if (this.#dice.chance(0.6)) this.#later(this.#dice.between(24, 60), () => this.#offers(someone));
    else this.#warm.push(someone);
    this.#later(this.#dice.between(120, 480), () => this.#ends(someone));
  }

  /** A mail of theirs, below one of ours. */
  #writes({ who }: Someone, below: Letter, text: string, away = false): Promise<void> {
    const subject = `${away ? 'Automatic reply' : 'Re'}: ${below.subject.replace(/^Re: /, '')}`;
    return this.#the.post.brings({ from: who, subject, text, below: below.message_id, away });
  }

  /** An offer that Nora or Ben reads before it goes out. */
  async #offers(someone: Someone): Promise<void> {
    const lead = await this.#stage.call('leads.get', { leadId: someone.leadId }, this.#dice.pick(this.#team));
    if (lead['status'] === 'unsubscribed') return;
    await this.#the.business.offered(someone);
    const workflowId = this.#workflows['offer-with-approval'];
    await this.#stage.call('workflows.enrol', { workflowId, leadIds: [someone.leadId] }, this.#dice.pick(this.#team));
    const [nora, ben] = this.#team;
    if (nora !== undefined && ben !== undefined)
      this.#later(this.#dice.between(4, 60), () => decide(this.#stage, this.#dice, someone, this.#dice.pick([nora, ben])));
  }

  async #calls({ leadId }: Someone): Promise<void> {
    const as = this.#dice.pick(this.#team);
    const type = this.#dice.chance(0.8) ? 'call' : 'meeting';
    await this.#stage.call('interactions.create', { leadId, type, content: this.#dice.pick(CALL_NOTES) }, as);
  }

  /** Won or lost, unless they opted out meanwhile: an opt-out is for them alone to undo. */
  async #ends(someone: Someone): Promise<void> {
    const { leadId } = someone;
    const lead = await this.#stage.call('leads.get', { leadId }, this.#team[0] ?? this.#dice.pick(this.#team));
    if (lead['status'] === 'unsubscribed') return;
    const status = this.#dice.weighted({ converted: 7, lost: 3, qualified: 3 });
    await this.#stage.call('leads.update', { leadId, status }, this.#dice.pick(this.#team));
    await this.#the.business.decided(someone, status);
  }

  #later(hours: number, act: () => Promise<void>): void {
    this.#due.push({ at: this.#stage.clock.now().getTime() + hours * HOUR_MS, act });
  }

  async #happen(): Promise<void> {
    const now = this.#stage.clock.now().getTime();
    const ripe = this.#due.filter((one) => one.at <= now);
    if (ripe.length === 0) return;
    this.#due = this.#due.filter((one) => one.at > now);
    for (const one of ripe) await one.act();
    await this.#stage.steward.worker.drain();
  }

  /** The mailbox was a stage prop. What needed doing long ago is done; the last days' tasks are open. */
  async #settles(): Promise<void> {
    await this.#the.post.close();
    const done = new Date(this.#stage.clock.now().getTime() - 4 * DAY_MS);
    await this.#sql(
      `update tasks set state = 'done', done_at = coalesce(due_at, created_at), done_by = $3 where company_id = $1 and state = 'open' and coalesce(due_at, created_at) < $2`,
      [this.#companyId, done, this.#team.flatMap((one) => (one.kind === 'user' ? [one.userId] : []))[0]],
    );
    await this.#sql(
      `update conversations set state = 'done', done_at = last_at, waiting_since = null where company_id = $1 and last_at < $2`,
      [this.#companyId, done],
    );
    await this.#sql(`update notifications set read_at = created_at where company_id = $1 and created_at < $2`, [this.#companyId, done]);
  }

  #sql<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
    return query(this.#stage, text, values);
  }

  get #the(): { readonly post: Post; readonly business: Business } {
    if (this.#props === undefined) throw new Error('the firm has not been founded');
    return this.#props;
  }
}
