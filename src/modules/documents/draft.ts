import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { loadLook, pictureSizes } from '#modules/brand/public.ts';
import { getDocument, type Document } from './document.ts';
import type { Content } from './draw/content.ts';
import { dataFacts, resolveBlocks, type Fault } from './draw/resolve.ts';
import { longDay } from './draw/words.ts';
import type { DataSet } from './model/data.ts';
import type { MetricQuestion } from './model/metric.ts';
import { askMetric } from './metrics.ts';

const DATA: Statement = {
  name: 'documents.data',
  text: 'select name, metric, columns, rows from document_data where company_id = $1 and document_id = $2 order by name',
};

/** A document with everything filled in as it would be now, and what can't be. */
export interface Draft {
  readonly document: Document;
  readonly content: Content;
  readonly faults: readonly Fault[];
}

/** `at`: the day that stands on it, and in the file. @throws DocumentNotFound */
export async function drawDraft(tx: Transaction, runtime: Runtime, companyId: string, documentId: string, at: Date): Promise<Draft> {
  const document = await getDocument(tx, companyId, documentId);
  const { look: whole, zone } = await loadLook(tx, companyId);
  const { accent, font, paper, footer, companyName, logo } = whole;
  const look = { accent, font, paper, footer, companyName, logo };
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at);
  const data = await dataOf(tx, companyId, document, day);
  const facts: Facts = {
    ...(await factsOf(tx, runtime, companyId, document)),
    document: {
      title: document.title,
      date: longDay(document.language, day),
      day,
      ...(document.validUntil === null ? {} : { valid_until: longDay(document.language, document.validUntil) }),
    },
    data: dataFacts(data),
  };
  const shown = document.blocks.flatMap((block) => (block.type === 'picture' ? [block.picture] : []));
  const speech = { language: document.language, currency: document.currency };
  const { parts, faults } = resolveBlocks(document.blocks, { facts, data, pictures: await pictureSizes(tx, companyId, shown), speech });
  const lead = resolveBlocks([{ id: 'lead', type: 'quote', text: '', by: document.lead }], { facts, data, pictures: new Map(), speech });
  const [line] = lead.parts;
  const content: Content = {
    title: document.title,
    lead: line?.type === 'quote' ? line.by : '',
    language: document.language,
    look,
    parts,
    at: at.toISOString(),
  };
  return { document, content, faults: [...lead.faults.map(({ message }) => ({ path: 'lead', message })), ...faults] };
}

async function dataOf(tx: Transaction, companyId: string, document: Document, day: string): Promise<ReadonlyMap<string, DataSet>> {
  if (document.data.length === 0) return new Map();
  const rows = await tx.query<{ name: string; metric: MetricQuestion | null } & DataSet>(DATA, [companyId, document.id]);
  const sets: [string, DataSet][] = [];
  // A document has few data sets: each question is one statement.
  for (const { name, metric, columns, rows: cells } of rows) sets.push([name, metric === null ? { columns, rows: cells } : await askMetric(tx, companyId, metric, day)]); // prettier-ignore
  return new Map(sets);
}

const COMPANY: Statement = {
  name: 'documents.company_facts',
  text: `select jsonb_build_object('company', jsonb_build_object('id', id, 'name', name, 'industry', industry, 'website', website, 'settings', settings)) as facts from companies where id = $1`,
};

/** Of the deal or invoice, then of the client: what both know is the client's. */
async function factsOf(tx: Transaction, runtime: Runtime, companyId: string, document: Document): Promise<Facts> {
  const wanted = [
    ...(document.subjectType === null || document.subjectId === null ? [] : [{ type: document.subjectType, id: document.subjectId }]),
    ...(document.clientId === null ? [] : [{ type: 'client', id: document.clientId }]),
  ];
  const [company] = await tx.query<{ facts: Facts }>(COMPANY, [companyId]);
  let facts: Facts = { ...company?.facts };
  for (const { type, id } of wanted) {
    const found = (await runtime.engine.vocabulary.subjects.get(type)?.load(tx, [{ companyId, id }]))?.get(id);
    if (found !== undefined) facts = { ...facts, ...found.facts };
  }
  if (document.clientId === null) return facts;
  const nameOf = (value: unknown) => (typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' ? value.name : null);
  const client = typeof facts['client'] === 'object' && facts['client'] !== null && !Array.isArray(facts['client']) ? facts['client'] : {};
  return { ...facts, client: { ...client, name: nameOf(facts['organisation']) ?? nameOf(facts['person']) ?? document.clientName } };
} // prettier-ignore
