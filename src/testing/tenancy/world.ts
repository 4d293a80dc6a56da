import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';

/**
 * A company with one row in every table that belongs to companies, made from the catalogue: a new table is in the world without
 * anybody's doing. Texts hold the marker, so that a row that shows up where it should not is recognised.
 */
export interface World {
  readonly companyId: string;
  readonly marker: string;
  /** The id of its row, by table; of a second row: `people 2`. */
  readonly ids: ReadonlyMap<string, string>;
}

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** `table` or null: what a foreign key points to. */
  readonly references: string | null;
  /** The first value that a check constraint of the form `in (…)` allows. */
  readonly allowed: string | null;
}

const COLUMNS = `
  select c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type, not a.attnotnull as nullable, a.atthasdef as "hasDefault",
         coalesce((select f.confrelid::regclass::text from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.conkey = array[a.attnum]
           and f.confrelid <> 'companies'::regclass limit 1),
           (select k.parent::text from steward_links() k where k.child = c.oid and k.child_column = a.attname and k.parent <> 'companies'::regclass)) as "references",
         (select substring(pg_get_constraintdef(k.oid) from format('%s = ANY \\(+ARRAY\\[''([^'']+)''', a.attname)) from pg_constraint k
           where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)
             and pg_get_constraintdef(k.oid) ~ format('%s = ANY \\(+ARRAY\\[''', a.attname) limit 1) as allowed
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'company_id' and not o.attisdropped)
  order by c.relname, a.attnum`;

/** Made for its row: what is sealed is bound to the row's id. */
type Made = (runtime: Runtime, id: string) => unknown;

const MADE: Readonly<Record<string, Made>> = {
  'connections.sealed_credentials': (runtime, id) => runtime.secrets.seal(JSON.stringify({ host: 'mail.walk.test' }), `connection ${id}`),
};

/** Values with a shape that only the application knows; `$marker` stands for the marker. */
const SHAPES: Readonly<Record<string, unknown>> = {
  'users.hashed_password': '$argon2id$none',
  'users.email': '$marker@walk.test',
  'invites.email': '$marker-invited@walk.test',
  'people.email': '$marker-person@walk.test',
  'person_emails.email': '$marker-person@walk.test',
  'messages.to_email': '$marker-to@walk.test',
  'message_templates.source': null,
  'message_templates.variants': [],
  'message_templates.attachments': [],
  'messages.attachments': null,
  'custom_fields.key': '$marker',
  'custom_fields.options': [],
  'person_files.complete': true,
  'imports.columns': ['email'],
  'imports.mapping': [],
  'exports.what': 'people',
  'erasures.tables': [{ table: 'people', rows: 1, what: 'deleted' }],
  'connections.connector': 'smtp',
  'forms.fields': [{ name: 'email', label: 'Email', type: 'email', required: true }],
  'workflow_versions.definition': { name: 'w', title: '$marker', subject: 'lead', triggers: [], stopOn: [], settings: {}, steps: [] },
  'schedules.spec': { everyS: 3_600, timeZone: 'UTC', missed: { policy: 'skip' } },
  'webhook_endpoints.url': 'https://$marker.walk.test/in',
  'webhook_messages.body': { type: 'lead.created', data: { marker: '$marker' } },
  'rehearsals.request': { days: 30, replies: 'none' },
  'rehearsals.parts': { definition: '', settings: '', templates: '', sending: '', people: '' },
  'lead_scores.reasons': [],
  'lead_scores.history': [],
  'conversion_models.predictor': {
    features: [],
    logistic: { bias: 0, weights: [], means: [], spreads: [] },
    calibration: { slope: 1, offset: 0 },
  },
  'conversion_models.reliability': [],
  'conversion_predictions.reasons': [],
  'conversion_predictions.chance': 0.5,
  'metric_watches.metric': 'deals.open_value',
  'metric_watches.days': 7,
  'saved_reports.definition': {
    metrics: ['deals.won_value'],
    by: null,
    where: [],
    grain: 'none',
    range: 'last_30_days',
    from: null,
    to: null,
    compare: 'none',
  },
  'saved_reports.recipients': [],
  'saved_reports.formats': ['pdf'],
  'report_issues.result': {},
  'retention_rules.notice_days': 30,
  'products.currency': 'EUR',
  'currency_rates.currency': 'EUR',
  'deals.currency': 'EUR',
  'call_hosts.hours': { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
  'call_kinds.minutes': 30,
  'call_kinds.step_minutes': 30,
  'call_kinds.horizon_days': 30,
  'call_kinds.host_ids': [],
  'calls.time_zone': 'UTC',
  'calls.entry_found': null,
  'calls.starts_at': '2031-01-06T09:00:00Z',
  'calls.ends_at': '2031-01-06T09:30:00Z',
  'onboarding_plans.materials': [],
  'onboarding_plans.tasks': [
    {
      key: 'one',
      title: '$marker',
      body: '',
      owner: 'us',
      kind: 'task',
      dueDays: null,
      dueOf: 'business',
      dueAfter: null,
      needs: [],
      assigneeId: null,
      spec: {},
    },
  ],
  'onboarding_tasks.spec': {},
  'onboarding_signatures.sha256': '$marker',
  'reports.kind': 'power',
  'reports.figures': {
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-01T01:00:00Z',
    timeZone: 'UTC',
    seconds: 3_600,
    coveredSeconds: 3_600,
    gaps: 0,
    energyWh: 1,
    totalFrom: 'log',
    total: { samples: 2, energyWh: 1, meanMw: 1, minMw: 1, medianMw: 1, p95Mw: 1, p99Mw: 1, maxMw: 1 },
    components: {},
    split: null,
    peaks: [],
    hours: Array.from({ length: 24 }, () => 0),
    trend: null,
    course: [],
    cpuCounted: null,
    quality: { rows: 2, rejected: 0, repeated: 0, faults: ['$marker'] },
    recommendations: [],
  },
  'ticket_settings.options': {},
  'tickets.clock_key': '',
  'documents.blocks': [],
  'documents.currency': 'EUR',
  'document_data.metric': null,
  'document_data.columns': [{ name: '$marker', kind: 'text' }],
  'document_data.rows': [['$marker']],
  'document_versions.content': {
    title: '$marker',
    lead: '',
    language: 'en',
    look: { accent: '#3b57cf', font: 'sans', paper: 'a4', footer: '', companyName: '$marker', logo: null },
    parts: [],
    at: '2026-01-01T00:00:00.000Z',
  },
  'brands.look': {},
  'landing_pages.blocks': [],
  'landing_versions.content': { title: '$marker', description: '', language: 'en', indexed: true, blocks: [], sizes: {} },
  'document_acceptances.currency': 'EUR',
  'ticket_macros.changes': {},
  'ticket_articles.words': '',
  'invoices.treatment': 'domestic',
  'invoices.discount': { cents: 0 },
  'invoices.tax_groups': [],
  'invoices.seller': { name: '$marker' },
  'invoices.buyer': { name: '$marker' },
  'invoices.currency': 'EUR',
  'clients.billing': {},
  'invoice_settings.options': {},
  'invoice_settings.seller': { name: '$marker' },
  'invoice_lines.tax_category': 'S',
  'invoice_payments.currency': 'EUR',
  'invoice_plans.currency': 'EUR',
  'invoice_checkouts.currency': 'EUR',
  'invoice_checkouts.amount_cents': 100,
  'invoice_checkouts.ordered': {},
  'client_statements.content': {
    statement: {
      clientName: '$marker',
      currency: 'EUR',
      from: '2026-01-01',
      to: '2026-01-31',
      openingCents: 0,
      closingCents: 0,
      ageing: [],
      creditCents: 0,
      lines: [],
    },
    seller: { name: '$marker' },
    buyer: { name: '$marker' },
    language: 'en',
    footer: '',
    logo: null,
    at: '2026-02-01T00:00:00.000Z',
  },
  'invoice_refunds.currency': 'EUR',
  'invoice_refunds.amount_cents': 100,
  'bank_lines.currency': 'EUR',
  'bank_lines.proposal': [],
  'bank_statements.columns': { date: 'Date', amount: 'Amount', reference: ['Text'], dates: 'dmy', decimal: '.' },
  'invoice_plan_versions.lines': [],
  'invoice_plan_adjustments.lines': [],
  'ledger_entries.amount_cents': 0,
  'ledger_entries.currency': 'EUR',
  'sender_checkups.findings': [],
  'sender_checkup_changes.changes': [],
  'sender_probes.findings': [],
  'sending.hours': 'always',
  'sending.days': [1, 2, 3],
};

/** Two of them, since an operation puts them side by side: what differs. The id of the second is that of `<table> 2`. */
const SECOND: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { people: { email: null } };

type Catalogue = ReadonlyMap<string, readonly Column[]>;
const catalogues = new WeakMap<Runtime, Promise<Catalogue>>();

/** Read once a database: its tables stay as they are. */
export function catalogue(runtime: Runtime): Promise<Catalogue> {
  const known = catalogues.get(runtime);
  if (known !== undefined) return known;
  const reading = runtime.system
    .read((tx) => tx.query<Column>({ name: 'world.columns', text: COLUMNS }, []))
    .then((rows) => Map.groupBy(rows, (row) => row.table));
  catalogues.set(runtime, reading);
  return reading;
}

/** A row in every table of this company. Rows that it has already (its first admin) are left alone. */
export async function fillWorld(runtime: Runtime, companyId: string, marker: string): Promise<World> {
  const tables = await catalogue(runtime);
  const ids = new Map<string, string>();
  await runtime.system.write(async (tx) => {
    for (const table of inOrder(tables)) {
      for (const second of SECOND[table] === undefined ? [null] : [null, SECOND[table]]) {
        const columns = (tables.get(table) ?? []).filter((column) => isFilled(table, column));
        const id = newId();
        const values = columns.map((column) => {
          if (column.column === 'id') return id;
          if (second !== null && column.column in second) return second[column.column];
          return MADE[`${table}.${column.column}`]?.(runtime, id) ?? valueOf(table, column, { companyId, marker, ids });
        });
        const names = columns.map((column) => `"${column.column}"`).join(', ');
        const places = columns.map((column, i) => `$${i + 1}::${column.type}`).join(', ');
        await tx.query({ name: `world.${table}`, text: `insert into ${table} (${names}) values (${places})` }, values);
        if (columns.some((column) => column.column === 'id')) ids.set(second === null ? table : `${table} 2`, id);
      }
    }
  });
  return { companyId, marker, ids };
}

/** Nullable columns stay empty unless they point somewhere or have a shape. */
function isFilled(table: string, column: Column): boolean {
  if (`${table}.${column.column}` in SHAPES || column.column === 'company_id') return true;
  if (column.nullable) return column.references !== null && column.references !== table;
  return !column.hasDefault || column.column === 'id';
}

function valueOf(table: string, column: Column, world: World): unknown {
  const shape = SHAPES[`${table}.${column.column}`];
  if (shape !== undefined) {
    const text = (typeof shape === 'string' ? shape : JSON.stringify(shape)).replaceAll('$marker', world.marker);
    return Array.isArray(shape) && column.type.endsWith('[]') ? shape : text;
  }
  if (column.column === 'company_id') return world.companyId;
  if (column.references !== null) return world.ids.get(column.references) ?? null;
  if (column.allowed !== null) return column.allowed;
  if (column.type.endsWith('[]')) return [];
  switch (column.type) {
    case 'uuid':
      return newId();
    case 'text':
      return `${world.marker}-${table.replaceAll('_', '-')}`;
    case 'jsonb':
      return JSON.stringify({ marker: world.marker });
    case 'timestamp with time zone':
      return new Date(runtimeEpoch);
    case 'date':
      return '2026-06-02';
    case 'boolean':
      return false;
    case 'bytea':
      return Buffer.from(world.marker);
    default:
      return 1;
  }
}

const runtimeEpoch = Date.UTC(2026, 5, 1);

/** Tables after those that they point to. */
function inOrder(tables: ReadonlyMap<string, readonly Column[]>): string[] {
  const done: string[] = [];
  const visit = (table: string, path: readonly string[]) => {
    if (done.includes(table) || path.includes(table)) return;
    for (const column of tables.get(table) ?? [])
      if (column.references !== null && tables.has(column.references)) visit(column.references, [...path, table]);
    done.push(table);
  };
  for (const table of tables.keys()) visit(table, []);
  return done;
}
