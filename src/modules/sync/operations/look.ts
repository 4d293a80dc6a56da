import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { wireJsonSchema } from '#core/operation/wire.ts';
import { SOURCE_KINDS } from '#core/ports/source.ts';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { blockedHashes, customFields, findPersonsByEmail } from '#modules/people/public.ts';
import { MappingLine } from '../mapping/line.ts';
import { textOf } from '../mapping/transform.ts';
import { suggested, TARGETS } from '../mapping/targets.ts';
import { openSource } from '../port.ts';
import { rowReader } from '../reader.ts';
import { checkMapping } from './sources.ts';

export const listSourceConnectors = operation({
  name: 'sources.connectors',
  summary: 'Which services can be a source, and what must be said of a source at each',
  http: 'GET /api/sources/connectors',
  cli: 'sources connectors',
  access: 'read',
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        settings: z.record(z.string(), z.unknown()).nullable().describe('JSON schema; null: nothing'),
      }),
    ),
    nextCursor: z.null(),
  }),
  async run(ctx) {
    const all = await Promise.all(ctx.runtime.connectors.ids.map((id) => ctx.runtime.connectors.load(id)));
    const items = all
      .filter((connector) => connector.source !== undefined)
      .map(({ id, title, sourceSettings }) => ({
        id,
        title,
        settings: sourceSettings === undefined ? null : wireJsonSchema(sourceSettings, 'input'),
      }));
    return { items, nextCursor: null };
  },
});

const place = {
  connectionId: z.uuid(),
  settings: z.record(z.string(), z.unknown()).default({}),
};
const vendorErrors = [CredentialsRejected, VendorRefused, VendorUnavailable];

export const lookIntoSource = operation({
  name: 'sources.look',
  summary: 'What can be read over a connection: its objects and, of one, its fields with the mapping that suggests itself',
  http: 'POST /api/sources/look',
  access: 'outside',
  role: 'admin',
  status: 200,
  input: z.object({ ...place, object: z.string().max(500).optional() }),
  output: z.object({
    objects: z.array(z.object({ name: z.string(), title: z.string(), kind: z.enum(SOURCE_KINDS), writable: z.boolean() })),
    fields: z.array(z.object({ name: z.string(), title: z.string(), type: z.string(), writable: z.boolean() })),
    targets: z.array(z.object({ to: z.string(), title: z.string() })).describe('What a field may be here'),
    mapping: z.array(MappingLine),
  }),
  errors: vendorErrors,
  async run(ctx, { connectionId, settings, object }) {
    const { companyId, runtime } = ctx;
    const { port } = await openSource(runtime, { companyId, connectionId, settings });
    try {
      const objects = [...(await port.objects())];
      const chosen = objects.find(({ name }) => name === object);
      if (chosen === undefined) return { objects, fields: [], targets: [], mapping: [] };
      const fields = [...(await port.fields(chosen.name))];
      const custom = await ctx.inCompany(companyId, (inner) => customFields(inner, companyId));
      const targets = Object.entries(TARGETS[chosen.kind]).map(([to, title]) => ({ to, title }));
      if (chosen.kind === 'people') targets.push(...custom.map(({ key, label }) => ({ to: `custom.${key}`, title: label })));
      return { objects, fields, targets, mapping: suggested(chosen.kind, fields, custom) };
    } finally {
      await port.close?.();
    }
  },
});

/** Rows of a preview. */
const PREVIEW = 10;

export const previewSource = operation({
  name: 'sources.preview',
  summary: 'The first rows of a source by a mapping: what each would become. Nothing is written',
  http: 'POST /api/sources/preview',
  access: 'outside',
  role: 'admin',
  status: 200,
  input: z.object({ ...place, object: z.string().min(1).max(500), kind: z.enum(SOURCE_KINDS), mapping: z.array(MappingLine).max(200) }),
  output: z.object({
    rows: z.array(
      z.object({
        externalId: z.string(),
        verdict: z.enum(['new', 'known', 'kept_out', 'refused']).describe('known: somebody here has the address. kept_out: they opted out'),
        reason: z.string().nullable(),
        given: z.record(z.string(), z.string()).describe('By the vendor’s field, as it came'),
        fields: z.record(z.string(), z.string().nullable()).describe('By our field, as it would be stored'),
      }),
    ),
    total: z.int().nullable().describe('Rows in all, where the vendor says'),
  }),
  errors: [...vendorErrors, InvalidInput],
  async run(ctx, { connectionId, settings, object, kind, mapping }) {
    const { companyId, runtime } = ctx;
    await ctx.inCompany(companyId, (inner) => checkMapping(inner, kind, mapping));
    const { port } = await openSource(runtime, { companyId, connectionId, settings });
    try {
      const page = await port.page({ object, fields: mapping.map(({ from }) => from), mark: null, cursor: null, look: true });
      const records = page.records.slice(0, PREVIEW);
      const rows = await ctx.inCompany(companyId, async (inner) => {
        const read = await rowReader(inner, companyId, kind, mapping, ctx.clock.now());
        const made = records.map((record) => ({ record, row: read(record) }));
        const emails = made.flatMap(({ row }) => ('kind' in row && row.kind === 'people' && row.email !== null ? [row.email] : []));
        const known = await findPersonsByEmail(inner, companyId, emails);
        const blocked = await blockedHashes(inner, runtime.secrets, companyId, emails);
        return made.map(({ record, row }) => {
          const given = Object.fromEntries(mapping.map(({ from }) => [from, textOf(record.values[from])]));
          if (!('kind' in row))
            return { externalId: record.externalId, verdict: 'refused' as const, reason: row.reason, given, fields: {} };
          const email = row.kind === 'people' ? row.email : null;
          const out = email !== null && blocked.has(email) && !known.has(email);
          const verdict = out ? ('kept_out' as const) : email !== null && known.has(email) ? ('known' as const) : ('new' as const);
          return { externalId: record.externalId, verdict, reason: null, given, fields: { ...row.fields } };
        });
      });
      return { rows, total: page.total ?? null };
    } finally {
      await port.close?.();
    }
  },
});
