import { z } from 'zod';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import { DailyLead, type FoundLead } from './snapshot.ts';

/** More pages than any pipeline has: a vendor whose cursor never ends is stopped. */
const MOST_PAGES = 2_000;
type Source = 'hubspot' | 'salesforce' | 'pipedrive' | 'custom';

/** Reads the pipeline of a CRM. @throws Misconfigured, CredentialsRejected, VendorUnavailable, VendorRefused: never anything but what the vendor said */
export async function vendorLeads(config: Config, source: Source): Promise<FoundLead[]> {
  const key = config.SALES_PIPELINE_API_KEY?.reveal();
  if (key === undefined && source !== 'custom')
    throw new Misconfigured(
      `SALES_PIPELINE_API_KEY is not set; the daily run reads from ${source}. Set it, or set SALES_PIPELINE_SOURCE=steward`,
    );
  const base = config.SALES_PIPELINE_ENDPOINT ?? config.vendorBaseUrls[source];
  switch (source) {
    case 'hubspot':
      return hubspot(client('HubSpot', base ?? 'https://api.hubapi.com', { authorization: `Bearer ${key}` }));
    case 'pipedrive':
      return pipedrive(client('Pipedrive', base ?? 'https://api.pipedrive.com', { 'x-api-token': key ?? '' }));
    case 'salesforce':
      return salesforce(client('Salesforce', required(base, source), { authorization: `Bearer ${key}` }));
    case 'custom': {
      const url = new URL(required(base, source));
      const http = client(url.hostname, url.origin, key === undefined ? {} : { authorization: `Bearer ${key}` });
      return custom(http, `${url.pathname}${url.search}`);
    }
  }
}

function required(base: string | undefined, source: string): string {
  if (base !== undefined) return base;
  throw new Misconfigured(
    `SALES_PIPELINE_ENDPOINT is not set; ${source} has no address of its own. Set it to the address of your ${source}`,
  );
}

const client = (vendor: string, baseUrl: string, headers: Record<string, string>) =>
  vendorHttp({ vendor, baseUrl, headers, timeoutMs: 30_000 });
const text = z.string().nullish();
const number = (value: string | number | null | undefined) => (Number.isFinite(Number(value)) ? Number(value ?? 0) : 0);
const statusOf = (won: boolean, lost: boolean) => (won ? 'won' : lost ? 'lost' : 'open');

const Stages = z.object({
  results: z.array(
    z.object({ stages: z.array(z.object({ id: z.string(), label: z.string(), metadata: z.record(z.string(), z.unknown()).optional() })) }),
  ),
});
const Owners = z.object({
  results: z.array(z.object({ id: z.string(), firstName: text, lastName: text, email: text })),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});
const HubspotDeals = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      properties: z.record(z.string(), z.string().nullable()),
      associations: z.object({ companies: z.object({ results: z.array(z.object({ id: z.string() })) }).optional() }).optional(),
      createdAt: z.string().optional(),
      updatedAt: z.string().optional(),
    }),
  ),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});
const HubspotCompanies = z.object({
  results: z.array(z.object({ id: z.string(), properties: z.record(z.string(), z.string().nullable()) })),
});
const DEAL_PROPERTIES = 'dealname,amount,dealstage,hubspot_owner_id,createdate,hs_lastmodifieddate,hs_deal_stage_probability';

/** @see https://developers.hubspot.com/docs/api-reference/crm-deals-v3 */
async function hubspot(http: VendorHttp): Promise<FoundLead[]> {
  const { results: pipelines } = await http.get('/crm/v3/pipelines/deals', { answer: Stages });
  const stages = new Map(
    pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, { name: stage.label, probability: number(String(stage.metadata?.['probability'] ?? 0)), closed: String(stage.metadata?.['isClosed'] ?? '') === 'true' }] as const)),
  ); // prettier-ignore
  const owners = new Map<string, string>();
  await pages(async (after) => {
    const page = await http.get('/crm/v3/owners/', { answer: Owners, query: { limit: 100, after } });
    for (const owner of page.results)
      owners.set(owner.id, [owner.firstName, owner.lastName].filter(Boolean).join(' ') || (owner.email ?? ''));
    return page.paging?.next?.after;
  });
  const deals: z.output<typeof HubspotDeals>['results'] = [];
  await pages(async (after) => {
    const query = { limit: 100, after, properties: DEAL_PROPERTIES, associations: 'companies' };
    const page = await http.get('/crm/v3/objects/deals', { answer: HubspotDeals, query });
    deals.push(...page.results);
    return page.paging?.next?.after;
  });
  const wanted = [...new Set(deals.flatMap((deal) => deal.associations?.companies?.results[0]?.id ?? []))];
  const companies = new Map<string, string>();
  for (let from = 0; from < wanted.length; from += 100) {
    const inputs = wanted.slice(from, from + 100).map((id) => ({ id }));
    const page = await http.post(
      '/crm/v3/objects/companies/batch/read',
      { inputs, properties: ['name'] },
      { answer: HubspotCompanies, repeat: 'safe' },
    );
    for (const company of page.results) companies.set(company.id, company.properties['name'] ?? '');
  }
  return deals.map(({ id, properties, associations, createdAt, updatedAt }) => {
    const stage = stages.get(properties['dealstage'] ?? '');
    const probability = stage?.probability ?? number(properties['hs_deal_stage_probability']);
    return {
      id, name: properties['dealname'] ?? '', company: companies.get(associations?.companies?.results[0]?.id ?? '') ?? '', stage: stage?.name ?? properties['dealstage'] ?? '',
      value: number(properties['amount']), probability, owner: owners.get(properties['hubspot_owner_id'] ?? '') ?? '', created_at: properties['createdate'] ?? createdAt ?? '',
      updated_at: properties['hs_lastmodifieddate'] ?? updatedAt ?? '', status: statusOf(stage?.closed === true && probability === 1, stage?.closed === true && probability === 0),
    } as const; // prettier-ignore
  });
}

const PipedriveStages = z.object({ data: z.array(z.object({ id: z.int(), name: z.string(), deal_probability: z.number().nullish() })) });
const PipedriveDeals = z.object({
  data: z.array(
    z.object({
      id: z.int(), title: text, value: z.number().nullish(), stage_id: z.int().nullish(), owner_id: z.int().nullish(), org_id: z.int().nullish(), status: text,
      probability: z.number().nullish(), add_time: text, update_time: text,
    }),
  ), // prettier-ignore
  additional_data: z.object({ next_cursor: text }).nullish(),
});
const Named = z.object({
  data: z.array(z.object({ id: z.int(), name: text })),
  additional_data: z.object({ next_cursor: text }).nullish(),
});

/** @see https://developers.pipedrive.com/docs/api/v1/Deals (v2) */
async function pipedrive(http: VendorHttp): Promise<FoundLead[]> {
  const { data } = await http.get('/api/v2/stages', { answer: PipedriveStages, query: { limit: 500 } });
  const stages = new Map(data.map((stage) => [stage.id, stage]));
  const users = new Map((await http.get('/v1/users', { answer: Named })).data.map((user) => [user.id, user.name ?? '']));
  const organisations = new Map<number, string>();
  await pages(async (cursor) => {
    const page = await http.get('/api/v2/organizations', { answer: Named, query: { limit: 500, cursor } });
    for (const one of page.data) organisations.set(one.id, one.name ?? '');
    return page.additional_data?.next_cursor ?? undefined;
  });
  const deals: z.output<typeof PipedriveDeals>['data'] = [];
  await pages(async (cursor) => {
    const page = await http.get('/api/v2/deals', { answer: PipedriveDeals, query: { limit: 500, cursor } });
    deals.push(...page.data);
    return page.additional_data?.next_cursor ?? undefined;
  });
  return deals.map((deal) => {
    const stage = stages.get(deal.stage_id ?? 0);
    const status = statusOf(deal.status === 'won', deal.status === 'lost');
    const share = status === 'won' ? 1 : status === 'lost' ? 0 : (deal.probability ?? stage?.deal_probability ?? 0) / 100;
    return {
      id: String(deal.id), name: deal.title ?? '', company: organisations.get(deal.org_id ?? 0) ?? '', stage: status === 'won' ? 'Closed Won' : status === 'lost' ? 'Closed Lost' : (stage?.name ?? ''),
      value: deal.value ?? 0, probability: share, owner: users.get(deal.owner_id ?? 0) ?? '', created_at: deal.add_time ?? '', updated_at: deal.update_time ?? '', status,
    } as const; // prettier-ignore
  });
}

const Opportunities = z.object({
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(
    z.object({
      Id: z.string(), Name: text, StageName: text, Amount: z.number().nullish(), Probability: z.number().nullish(), IsWon: z.boolean(), IsClosed: z.boolean(),
      CreatedDate: z.string(), LastModifiedDate: z.string(), Account: z.object({ Name: text }).nullish(), Owner: z.object({ Name: text }).nullish(),
    }),
  ), // prettier-ignore
});
const SOQL =
  'SELECT Id, Name, StageName, Amount, Probability, IsWon, IsClosed, CreatedDate, LastModifiedDate, Account.Name, Owner.Name FROM Opportunity';

/** @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm */
async function salesforce(http: VendorHttp): Promise<FoundLead[]> {
  const found: FoundLead[] = [];
  await pages(async (next) => {
    const page =
      next === undefined
        ? await http.get('/services/data/v60.0/query', { answer: Opportunities, query: { q: SOQL } })
        : await http.get(next, { answer: Opportunities });
    for (const one of page.records)
      found.push({
        id: one.Id, name: one.Name ?? '', company: one.Account?.Name ?? '', stage: one.StageName ?? '', value: one.Amount ?? 0, probability: (one.Probability ?? 0) / 100,
        owner: one.Owner?.Name ?? '', created_at: one.CreatedDate, updated_at: one.LastModifiedDate, status: statusOf(one.IsWon, one.IsClosed && !one.IsWon),
      }); // prettier-ignore
    return page.done ? undefined : page.nextRecordsUrl;
  });
  return found;
}

const Custom = z.union([z.array(DailyLead), z.object({ leads: z.array(DailyLead) })]);

/** Answers a list of leads as sales_pipeline.json has them, or an object with `leads`. */
async function custom(http: VendorHttp, path: string): Promise<FoundLead[]> {
  const answer = await http.get(path, { answer: Custom });
  return (Array.isArray(answer) ? answer : answer.leads).map((lead) => ({
    ...lead,
    status: statusOf(lead.probability >= 1 || /\bwon\b/i.test(lead.stage), /\blost\b/i.test(lead.stage)),
  }));
}

/** One page after the other until there is none. `read` answers where the next one begins. */
async function pages(read: (after: string | undefined) => Promise<string | undefined>): Promise<void> {
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    after = await read(after);
    if (after === undefined || after === '') return;
  }
}
