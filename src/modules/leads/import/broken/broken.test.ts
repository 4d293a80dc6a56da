import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryAs } from '#testing/database.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { startImport } from '../../operations/import-runs.ts';
import { createImport } from '../../operations/import-uploads.ts';
import { importErrors } from '../../operations/imports.ts';
import { listLeadsOperation as listLeads } from '../../operations/leads.ts';
import { BROKEN } from './files.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

describe(`${BROKEN.length} broken files: right rows in, wrong rows named, never a crash`, () => {
  test.each(BROKEN.map((file) => [file.name, file] as const))('%s', { timeout: 60_000 }, async (_name, file) => {
    const company = await app.aCompany(file.name);
    const as = company.admin;
    await queryAs(
      app.target, 'owner',
      `insert into custom_fields (id, company_id, key, label, type) select gen_random_uuid(), $1, k, k, t from (values ('born', 'date'), ('size', 'number')) f(k, t)`,
      [company.companyId],
    ); // prettier-ignore
    const run = async () => {
      const upload = await app.call(createImport, { filename: file.name, contentBase64: file.bytes.toString('base64') }, { as });
      const options = { withoutEmail: file.withoutEmail ?? false, ...(file.mapping === undefined ? {} : { mapping: [...file.mapping] }) };
      return app.call(startImport, { importId: upload.id, wait: true, ...options }, { as });
    };
    if (file.refused !== undefined) {
      await expect(run()).rejects.toMatchObject({ code: 'not_importable', message: expect.stringContaining(file.refused) });
      return;
    }
    const done = await run();
    expect(done.state).toBe('done');
    const leads = await app.call(listLeads, { limit: 100 }, { as });
    expect(leads.items.map((lead) => lead.email ?? lead.name).toSorted()).toEqual([...file.right].toSorted());
    const errors = (await app.call(importErrors, { importId: done.id, limit: 100 }, { as })).items;
    expect(errors.map((error) => error.line)).toEqual((file.wrong ?? []).map(([line]) => line));
    for (const [index, [, reason]] of (file.wrong ?? []).entries()) expect(errors[index]?.reason).toContain(reason);
    expect(done.created + done.merged + done.optOutsKept + done.refused).toBe(done.processedRows);
  });
});
