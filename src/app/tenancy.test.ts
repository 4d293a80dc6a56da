import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { execute, scopeOf } from '#core/operation/execute.ts';
import { operation, type AnyOperation } from '#core/operation/operation.ts';
import { ROLES, type Principal } from '#core/operation/principal.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { walk, type Samples, type Targets } from '#testing/tenancy/walk.ts';
import { catalogue, fillWorld, type World } from '#testing/tenancy/world.ts';
import { operations } from './modules.ts';

/** What fields of inputs point to. A field that nobody listed fails the walk. */
const TARGETS: Targets = {
  user_id: 'users',
  owner_id: 'users',
  assignee_id: 'users',
  session_id: 'sessions',
  key_id: 'api_keys',
  invite_id: 'invites',
  person_id: 'people',
  'onboarding_plans.plan_id': 'onboarding_plans',
  'onboardings.plan_id': 'onboarding_plans',
  'onboardings.task_id': 'onboarding_tasks',
  onboarding_id: 'onboardings',
  person_ids: 'people',
  other_id: 'people 2',
  merge_id: 'person_merges',
  erasure_id: 'erasures',
  organisation_id: 'organisations',
  tag_id: 'tags',
  tag_ids: 'tags',
  phone_id: 'person_phones',
  field_id: 'custom_fields',
  field_ids: 'custom_fields',
  file_id: 'person_files',
  file_ids: 'person_files',
  note_id: 'interactions',
  mention_ids: 'users',
  client_id: 'clients',
  call_id: 'calls',
  kind_id: 'call_kinds',
  host_id: 'users',
  host_ids: 'users',
  checkin_id: 'checkins',
  deal_id: 'deals',
  deal_owner_id: 'deal_owners',
  watch_id: 'metric_watches',
  stage_id: 'deal_stages',
  pipeline_id: 'deal_pipelines',
  product_id: 'products',
  invoice_id: 'invoices',
  origin_id: 'invoices',
  ticket_id: 'tickets',
  ticket_address_id: 'ticket_addresses',
  plan_id: 'invoice_plans',
  into_ticket_id: 'tickets',
  macro_id: 'ticket_macros',
  article_id: 'ticket_articles',
  bank_line_id: 'bank_lines',
  invoice_ids: 'invoices',
  payment_id: 'invoice_payments',
  checkout_id: 'invoice_checkouts',
  payment_note_id: 'invoice_payment_notes',
  report_id: 'reports',
  document_id: 'documents',
  saved_report_id: 'saved_reports',
  share_id: 'document_shares',
  page_id: 'landing_pages',
  lead_id: 'leads',
  lead_ids: 'leads',
  interaction_id: 'interactions',
  import_id: 'imports',
  source_id: 'sync_sources',
  refusal_id: 'sync_refusals',
  conflict_id: 'sync_conflicts',
  archived_page_id: 'sync_archive_pages',
  form_id: 'forms',
  submission_id: 'form_submissions',
  rule_id: 'assignment_rules',
  rule_ids: 'assignment_rules',
  user_ids: 'users',
  connection_id: 'connections',
  connection_ids: 'connections',
  // made by the caller; of another company's message it says nothing
  draft_id: null,
  seen_id: 'messages',
  message_id: 'messages',
  sender_id: 'senders',
  probe_id: 'sender_probes',
  holiday_id: 'sending_holidays',
  thread_id: 'messages',
  suppression_id: 'suppressions',
  template_id: 'message_templates',
  attachment_id: 'template_files',
  workflow_id: 'workflows',
  run_id: 'runs',
  run_ids: 'runs',
  // what an enrolment gave its runs; any id that is not ours must be unknown
  enrolment_id: 'runs',
  schedule_id: 'schedules',
  approval_id: 'approvals',
  approval_ids: 'approvals',
  webhook_id: 'webhook_endpoints',
  hook_id: 'workflow_hooks',
  request_id: 'hook_requests',
  delivery_id: 'webhook_deliveries',
  task_id: 'tasks',
  effect_id: 'effects',
  bulk_id: 'bulk_changes',
  view_id: 'saved_views',
  segment_id: 'segments',
  rehearsal_id: 'rehearsals',
  reply_person_id: 'people',
  export_id: 'exports',
  subject_id: 'leads',
  subject_ids: 'leads',
  event_id: 'outbox',
  notification_id: 'notifications',
  step_id: null,
  // ISO 3166: everybody's
  country: null,
  to_step_id: null,
  move_id: 'workflow_moves',
  change_id: 'run_changes',
  // a place in a file, from 0
  part: null,
  // counted for each template, from 0
  version: null,
};

const FORM_FIELDS = [{ name: 'email', label: 'Email', type: 'email', required: true }];
/** What a schema alone does not tell. Wire names; ids are filled in by the walk. */
const SAMPLES: Samples = {
  'sending.add_holiday': { day: '2031-05-04' },
  'invoice_plans.change': { from_on: '2031-05-04' },
  'onboarding_plans.create': { tasks: [{ key: 'one', title: 'One', owner: 'client' }], materials: [] },
  'onboarding_plans.update': { tasks: [{ key: 'one', title: 'One', owner: 'client' }], materials: [] },
  'calls.plan': { at: '2031-05-05T09:00:00Z' },
  'calls.move': { at: '2031-05-06T09:00:00Z' },
  'bank.look': { content_base64: 'RGF0ZTtUZXh0O0Ftb3VudAoyMDI2LTAxLTA1O3g7MTIsMDAK' },
  'bank.import': { content_base64: 'RGF0ZTtUZXh0O0Ftb3VudAoyMDI2LTAxLTA1O3g7MTIsMDAK' },
  'targets.set': { start: '2026-01-01', cents: 100_000 },
  'templates.get': { key: '$marker-message-templates' },
  'templates.update': { key: '$marker-message-templates' },
  'templates.add_file': { content_base64: 'aGVsbG8=' },
  'templates.add_image': { content_base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAAAAAAA' },
  'templates.export': { key: '$marker-message-templates' },
  'templates.delete': { key: '$marker-message-templates' },
  'templates.save_draft': { key: '$marker-message-templates' },
  'templates.drop_draft': { key: '$marker-message-template-drafts' },
  'templates.version': { key: '$marker-message-templates', version: 1 },
  'templates.restore': { key: '$marker-message-templates', version: 1 },
  'snippets.save': { key: '$marker-message-snippets', body: '{% snippet "nobody" %}' },
  'snippets.delete': { key: '$marker-message-snippets' },
  'topics.get': { key: '$marker-topics' },
  'topics.update': { key: '$marker-topics' },
  'countries.set': { country: 'DE', regime: 'opt_out', reason: 'Our lawyer' },
  'people.remove_email': { email: '$marker-person@walk.test' },
  'people.assign': { owner_id: null },
  'conversations.save_draft': { draft_id: '0197f0aa-0000-7000-8000-000000000001' },
  'files.create': { content_base64: 'aGVsbG8=' },
  'people.create': { full_name: '$marker' },
  'clients.create': { name: '$marker', email: '$marker-client@walk.test' },
  'checkins.set_schedule': { cron: '0 9 * * *' },
  'tickets.create': { email: '$marker-asks@walk.test' },
  'invoices.create': { amount: '199.00' },
  'invoices.extend': { valid_until: '2031-05-04' },
  'documents.add_picture': { content_base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAAAAAAA' },
  'brand.colours': { accent: '#3b57cf' },
  'brand.logo': { content_base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAAAAAAA' },
  'documents.set_data': { csv: 'a,b\n1,2' },
  'documents.create_report': { csv: 'a,b\n1,2\n3,4' },
  'clients.find': { email: '$marker-person@walk.test' },
  'keys.create': { scopes: ['leads:read'] },
  'views.create': { list: 'leads' },
  'bulk.check': { action: 'delete' },
  'bulk.start': { action: 'delete' },
  'webhooks.create': { url: 'https://hooks.walk.test/in' },
  'schedules.preview': { cron: '0 9 * * *' },
  'segments.count': { condition: { all: [] } },
  'segments.preview': { condition: { all: [] } },
  'pictures.set': { content_base64: 'iVBORw0KGgo=' },
  // behind the answer it would still write while the walk looks
  'duplicates.search': { wait: true },
  'forms.create': { fields: FORM_FIELDS },
  'forms.preview': { fields: FORM_FIELDS },
  'sources.look': { settings: {} },
  'imports.part': { content_base64: 'aGVsbG8=' },
  'backups.verify': { name: 'a-backup' },
  'backups.drill': { name: 'a-backup' },
  'system.restore': { backup: 'a-backup' },
};

/** Open to strangers by intent: what they give (a token, a form's address) is what names the company. */
const PUBLIC: Readonly<Record<string, string>> = {
  'tokens.create': 'name and password',
  'sessions.start': 'name and password',
  'users.register': 'token of an invitation',
  'passwords.forgot': 'answers the same to everybody',
  'passwords.reset': 'token of a mail',
  'invites.look': 'token of an invitation',
  'invites.accept': 'token of an invitation',
  'setup.status': 'says only whether there is a company',
  'setup.complete': 'token of the set-up link',
  'system.health': 'names no company',
  'forms.submit': 'address of a form',
  'forms.challenge': 'address of a form',
  'forms.save_partial': 'address of a form',
};

let app: TestApp;
let victim: World;
let walker: World;
let victimAdmin: Principal;
let as: Principal;

beforeAll(async () => {
  app = await testApp();
  const [theirs, ours] = [await app.aCompany('Victim'), await app.aCompany('Walker')];
  victim = await fillWorld(app.runtime, theirs.companyId, 'zvictimz');
  walker = await fillWorld(app.runtime, ours.companyId, 'zwalkerz');
  [victimAdmin, as] = [theirs.admin, ours.admin];
});
afterAll(() => app.close());

const walked = (one: AnyOperation) =>
  walk(one, { runtime: app.runtime, victim, walker, as, victimAdmin, samples: SAMPLES, targets: TARGETS });

describe('the database', () => {
  test('binds every table of a company to row-level security: steward_app sees and writes its own company only', async () => {
    const tables = [...(await catalogue(app.runtime)).keys()];
    expect(tables.length).toBeGreaterThan(25);
    const text = tables
      .map(
        (table) =>
          `select '${table}' as "table", count(*)::int as rows, count(*) filter (where company_id <> $1)::int as foreign from ${table}`,
      )
      .join(' union all ');
    const seen = await app.runtime.database.read(walker.companyId, (tx) =>
      tx.query<{ table: string; rows: number; foreign: number }>({ name: 't.seen', text }, [walker.companyId]),
    );
    for (const { table, rows, foreign } of seen) expect([table, rows > 0, foreign]).toEqual([table, true, 0]);
  });

  test('gives steward_app a policy on each of them, and no way round it', async () => {
    const rows = await app.runtime.system.read((tx) =>
      tx.query<{ table: string; secured: boolean; policy: string | null; check: string | null; owner: boolean }>(
        {
          name: 't.policies',
          text: `select c.relname as "table", c.relrowsecurity as secured, pg_get_expr(p.polqual, c.oid) as policy, pg_get_expr(p.polwithcheck, c.oid) as "check",
                        pg_has_role('steward_app', c.relowner, 'member') as owner
                 from pg_class c left join pg_policy p on p.polrelid = c.oid and p.polroles = array['steward_app'::regrole::oid] and p.polcmd = '*'
                 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                   and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped)`,
        },
        [],
      ),
    );
    const own = "(company_id = (NULLIF(current_setting('steward.company'::text, true), ''::text))::uuid)";
    for (const row of rows) expect(row).toEqual({ table: row.table, secured: true, policy: own, check: own, owner: false });
  });

  test('keeps every other table away from steward_app, and the role has no special rights', async () => {
    const open = await app.runtime.system.read((tx) =>
      tx.query<{ name: string }>(
        {
          name: 't.open',
          text: `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg_temp%' and c.relkind in ('r', 'p', 'v', 'm')
                   and has_schema_privilege('steward_app', n.oid, 'usage') and has_table_privilege('steward_app', c.oid, 'select,insert,update,delete')
                   and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped)`,
        },
        [],
      ),
    );
    expect(open.map((row) => row.name)).toEqual(['companies']); // by its own id, see migrations/0001_base.sql
    const [role] = await app.runtime.system.read((tx) =>
      tx.query(
        { name: 't.role', text: `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'steward_app'` },
        [],
      ),
    );
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
  });

  test('refuses a row for another company', async () => {
    const insert = {
      name: 't.insert',
      text: `insert into organisations (id, company_id, name, name_key) values (gen_random_uuid(), $1, 'x', 'x')`,
    };
    await expect(app.runtime.database.write(walker.companyId, (tx) => tx.query(insert, [victim.companyId]))).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe("another company's ids", () => {
  test.each(operations.filter((one) => one.access !== 'public').map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await walked(one)).toEqual([]);
  });

  test('public operations are known, and why', () => {
    expect(
      operations
        .filter((one) => one.access === 'public')
        .map((one) => one.name)
        .toSorted(),
    ).toEqual(Object.keys(PUBLIC).toSorted());
  });
});

describe('the walk finds a planted operation that', () => {
  const Lead = z.object({ id: z.string(), source: z.string().nullable() });
  const lead = { name: 'planted.lead', text: 'select id, source from leads where id = $1' };

  test('reads by id without its company', async () => {
    const planted = operation({
      name: 'planted.get',
      summary: 'Reads a lead of any company',
      http: 'GET /api/planted/{lead_id}',
      access: 'read',
      input: z.object({ leadId: z.uuid() }),
      output: Lead,
      run: async (ctx, { leadId }) =>
        (await ctx.runtime.system.read((tx) => tx.query<z.input<typeof Lead>>(lead, [leadId])))[0] ?? { id: '', source: null },
    });
    expect(await walked(planted)).toEqual([
      expect.stringContaining('answered 200, not 404'),
      expect.stringContaining("shows the other company's data"),
    ]);
  });

  test('lists without its company', async () => {
    const planted = operation({
      name: 'planted.list',
      summary: 'Lists the leads of all companies',
      http: 'GET /api/planted',
      access: 'read',
      input: z.object({}),
      output: z.object({ items: z.array(Lead) }),
      run: async (ctx) => ({
        items: await ctx.runtime.system.read((tx) =>
          tx.query<z.input<typeof Lead>>({ name: 'planted.leads', text: 'select id, source from leads' }, []),
        ),
      }),
    });
    expect(await walked(planted)).toEqual([expect.stringContaining("with no ids: shows the other company's data")]);
  });

  test('writes without its company, and keeps quiet about it', async () => {
    const planted = operation({
      name: 'planted.update',
      summary: 'Changes a lead of any company',
      http: 'PUT /api/planted/{lead_id}',
      access: 'outside',
      input: z.object({ leadId: z.uuid() }),
      output: z.null(),
      async run(ctx, { leadId }) {
        await ctx.runtime.system.write((tx) =>
          tx.query({ name: 'planted.write', text: `update leads set notes = 'planted' where id = $1` }, [leadId]),
        );
        return null;
      },
    });
    expect(await walked(planted)).toContainEqual(expect.stringContaining("changed the other company's rows in leads"));
  });

  test("takes another company's id into its own row", async () => {
    const planted = operation({
      name: 'planted.assign',
      summary: 'Gives a person an owner without looking who that is',
      http: 'POST /api/planted',
      access: 'write',
      input: z.object({ personId: z.uuid(), ownerId: z.uuid() }),
      output: z.object({ done: z.boolean() }),
      async run(ctx, { personId, ownerId }) {
        await ctx.query({ name: 'planted.assign', text: 'update people set owner_id = $2 where id = $1' }, [personId, ownerId]);
        return { done: true };
      },
    });
    expect(await walked(planted)).toContainEqual(expect.stringContaining("left the other company's ids or texts in people"));
  });

  test('has a field that nobody listed, or a sample that does not fit', async () => {
    const base = { summary: '', access: 'read', output: z.null(), run: () => Promise.resolve(null) } as const;
    expect(
      await walked(operation({ ...base, name: 'planted.field', http: 'GET /api/planted', input: z.object({ gadgetId: z.uuid() }) })),
    ).toEqual([expect.stringContaining('which table gadget_id points to')]);
    expect(
      await walked(
        operation({ ...base, name: 'planted.sample', http: 'GET /api/planted', input: z.object({ code: z.string().regex(/^[A-Z]{3}$/) }) }),
      ),
    ).toEqual([expect.stringContaining('its sample does not fit')]);
  });
});

describe('rights', () => {
  const guarded = operations.filter((one) => one.access !== 'public');
  const attempt = async (one: AnyOperation, principal: Principal) => {
    const request = { id: 'r', face: 'test' as const, ip: null, userAgent: null };
    return execute(app.runtime, { operation: one, principal, request, input: {} }).then(
      () => 'allowed',
      (error: unknown) => (error instanceof Error && 'status' in error ? error.status : 500),
    );
  };
  const withRole = (role: (typeof ROLES)[number]): Principal => ({
    kind: 'user',
    companyId: walker.companyId,
    userId: walker.ids.get('users') ?? '',
    role,
  });

  test('every operation refuses every role below its own', async () => {
    let refused = 0;
    for (const one of guarded) {
      for (const role of ROLES.slice(0, ROLES.indexOf(one.role ?? 'user'))) {
        expect([one.name, role, await attempt(one, withRole(role))]).toEqual([one.name, role, 403]);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(10);
  });

  test('every operation refuses an API key without its scope', async () => {
    for (const one of guarded) {
      const others = [...new Set(guarded.map(scopeOf))].filter((scope) => scope !== scopeOf(one));
      const key: Principal = {
        kind: 'key',
        companyId: walker.companyId,
        userId: walker.ids.get('users') ?? '',
        role: 'admin',
        keyId: walker.ids.get('api_keys') ?? '',
        scopes: others,
      };
      expect([one.name, await attempt(one, key)]).toEqual([one.name, 403]);
    }
  });

  test('every path refuses who is not signed in, with problem JSON', async () => {
    for (const one of guarded) {
      for (const route of [one.http, ...(one.aliases ?? [])]) {
        const [method = '', path = ''] = route.split(' ');
        const url = path.replace(/\{\w+\}/g, victim.companyId);
        const reply = await app.http.inject({
          method: method as 'GET',
          url,
          ...(method === 'GET' || method === 'DELETE' ? {} : { payload: {} }),
        }); // the declaration limits it to methods
        expect([route, reply.statusCode, reply.json().code]).toEqual([route, 401, 'unauthenticated']);
      }
    }
  });
});
