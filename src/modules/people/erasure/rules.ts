/** What $1 (company), $2 (person), $3 (leads), $4 (addresses, lower case), $5 (messages), $6 (all ids as text), $7 (addresses and numbers) are to a rule. */
export interface ErasureRule {
  readonly table: string;
  readonly what: 'deleted' | 'anonymised';
  /** Answers one row a row it changed. */
  readonly text: string;
}

/**
 * Tables whose rows hold something about a person without going with the person's row. In this order, before people is deleted.
 * The ledger keeps that something was sent (money and proof hang on it), but not to whom or what.
 */
export const RULES: readonly ErasureRule[] = [
  {
    // Calls go, and so does what stands of them in the calendars of colleagues: the ledger takes it out there (modules/calls/entry).
    table: 'calls',
    what: 'deleted',
    text: `with gone as (delete from calls where company_id = $1 and person_id = $2 returning id, connection_id, calendar, sequence, entry),
             taken_out as (
               insert into effects (id, company_id, kind, key, subject_type, subject_id, connection_id, payload, due_at, created_at)
               select gen_random_uuid(), $1, 'calendar_entry', 'call/' || id || '/erased', 'call', id, connection_id,
                      jsonb_build_object('call_id', id, 'calendar', calendar, 'sequence', sequence + 1), $8::timestamptz, $8::timestamptz
                 from gone where connection_id is not null and calendar is not null and entry <> 'gone' returning 1)
           select 1 from gone`,
  },
  {
    // What was issued is kept as long as tax law asks (Article 17(3)(b)): name and address stay on it, ways to reach her go.
    table: 'invoices',
    what: 'anonymised',
    text: `update invoices set buyer = buyer - 'email', notes = '' where company_id = $1 and number is not null
             and client_id in (select id from clients where company_id = $1 and person_id = $2) returning 1`,
  },
  {
    // That money came in and which invoice it paid is kept with the books; whose account it was is not.
    table: 'bank_lines',
    what: 'anonymised',
    text: `update bank_lines l set counterparty = '', iban = null, reference = '' from invoices i join clients c on c.id = i.client_id
            where l.company_id = $1 and i.company_id = $1 and c.person_id = $2 and l.proposal ? i.id::text returning 1`,
  },
  {
    // The same of money that came in online: how it was paid stays, who paid does not.
    table: 'invoice_checkouts',
    what: 'anonymised',
    text: `update invoice_checkouts k set payer = null, ordered = '{}', problem = null from invoices i join clients c on c.id = i.client_id
            where k.company_id = $1 and i.company_id = $1 and k.invoice_id = i.id and c.person_id = $2 returning 1`,
  },
  {
    table: 'invoices',
    what: 'deleted',
    text: `delete from invoices where company_id = $1 and number is null and client_id in (select id from clients where company_id = $1 and person_id = $2) returning 1`,
  },
  {
    // What was agreed to is kept as long as claims can be made (Article 17(3)(e)): name and version stay, whence it came goes.
    table: 'document_acceptances',
    what: 'anonymised',
    text: `update document_acceptances a set ip = null, user_agent = null from documents d, clients c
            where a.company_id = $1 and d.company_id = $1 and d.id = a.document_id and c.company_id = $1 and c.id = d.client_id and c.person_id = $2 returning 1`,
  },
  {
    // The same of a quote.
    table: 'quote_answers',
    what: 'anonymised',
    text: `update quote_answers a set ip = null, user_agent = null from invoices i, clients c
            where a.company_id = $1 and i.company_id = $1 and i.id = a.invoice_id and c.company_id = $1 and c.id = i.client_id and c.person_id = $2 returning 1`,
  },
  {
    table: 'documents',
    what: 'anonymised',
    text: `update documents set client_id = null, subject_type = null, subject_id = null where company_id = $1 and id in (select document_id from document_acceptances where company_id = $1)
             and (client_id in (select id from clients where company_id = $1 and person_id = $2) or (subject_type = 'person' and subject_id = $2)
               or (subject_type = 'lead' and subject_id = any ($3::uuid[]))) returning 1`,
  },
  {
    table: 'documents',
    what: 'deleted',
    text: `delete from documents where company_id = $1 and (client_id in (select id from clients where company_id = $1 and person_id = $2)
             or (subject_type = 'person' and subject_id = $2) or (subject_type = 'lead' and subject_id = any ($3::uuid[]))) returning 1`,
  },
  {
    // Her tickets go with her row; what she wrote on one that was merged into somebody else's stands there.
    table: 'ticket_entries',
    what: 'deleted',
    text: `delete from ticket_entries e using ticket_merges m join tickets t on t.id = m.ticket_id
            where e.company_id = $1 and m.company_id = $1 and t.company_id = $1 and t.person_id = $2 and m.undone_at is null and e.id = any (m.entry_ids)
              and e.ticket_id <> t.id and e.kind in ('web', 'note') returning 1`,
  },
  {
    table: 'effects',
    what: 'anonymised',
    text: `update effects set payload = case when state = 'handed' then payload else '{}' end, receipt = null,
             state = case when state = 'reserved' then 'refused' else state end,
             settled_at = case when state = 'reserved' then $8::timestamptz else settled_at end,
             reason = case when state = 'reserved' then 'The person was erased' when state in ('refused', 'in_doubt') then 'Erased with its person' else null end
           where company_id = $1 and subject_id = any ($5::uuid[] || $3::uuid[] || $2::uuid) returning 1`,
  },
  {
    table: 'sender_probes',
    what: 'deleted',
    text: `delete from sender_probes where company_id = $1 and lower(to_email) = any ($4::text[]) returning 1`,
  },
  {
    table: 'messages',
    what: 'deleted',
    text: `delete from messages where company_id = $1 and id = any ($5::uuid[]) returning 1`,
  },
  {
    table: 'runs',
    what: 'deleted',
    text: `delete from runs where company_id = $1 and (person_id = $2 or subject_id = any ($3::uuid[] || $2::uuid)) returning 1`,
  },
  {
    table: 'tasks',
    what: 'deleted',
    text: `delete from tasks where company_id = $1 and (person_id = $2 or subject_id = any ($3::uuid[] || $2::uuid)) returning 1`,
  },
  {
    table: 'outbox',
    what: 'deleted',
    text: `delete from outbox where company_id = $1 and (person_id = $2 or subject_id = any ($3::uuid[] || $2::uuid)) returning 1`,
  },
  {
    table: 'generations',
    what: 'anonymised',
    text: `update generations set lead_id = null where company_id = $1 and lead_id = any ($3::uuid[]) returning 1`,
  },
  {
    table: 'form_submissions',
    what: 'deleted',
    text: `delete from form_submissions where company_id = $1 and (person_id = $2 or lead_id = any ($3::uuid[]) or lower(answers ->> 'email') = any ($4::text[])) returning 1`,
  },
  {
    table: 'import_errors',
    what: 'anonymised',
    text: `update import_errors set value = null, cells = '[]' where company_id = $1
             and exists (select from unnest($7::text[]) w where position(w in lower(coalesce(value, '') || cells::text)) > 0) returning 1`,
  },
  {
    table: 'import_journal',
    what: 'anonymised',
    text: `update import_journal set person_ids = array_remove(person_ids, $2::uuid), lead_ids = array(select l from unnest(lead_ids) l where l <> all ($3::uuid[])),
             changes = (select coalesce(jsonb_agg(c), '[]') from jsonb_array_elements(changes) c where c ->> 'person_id' is distinct from $2::text)
           where company_id = $1 and ($2::uuid = any (person_ids) or changes @> jsonb_build_array(jsonb_build_object('person_id', $2::text))) returning 1`,
  },
  {
    // Alerts on metrics name the deals behind them.
    table: 'alerts',
    what: 'anonymised',
    text: `update alerts a set body = '' from people p where a.company_id = $1 and p.company_id = $1 and p.id = $2 and a.kind = 'metric' and length(p.full_name) > 1
             and position(lower(p.full_name) in lower(a.body)) > 0 returning 1`,
  },
  {
    table: 'deal_changes',
    what: 'anonymised',
    text: `update deal_changes c set value_from = case when c.value_from is null then null else 'Deal' end, value_to = 'Deal'
             from deal_people x join people p on p.id = x.person_id
            where c.company_id = $1 and x.company_id = $1 and x.person_id = $2 and c.deal_id = x.deal_id and c.field in ('name', 'next_step') and length(p.full_name) > 1
              and position(lower(p.full_name) in lower(concat(c.value_from, ' ', c.value_to))) > 0 returning 1`,
  },
  {
    table: 'deals',
    what: 'anonymised',
    text: `update deals d set name = case when position(lower(p.full_name) in lower(d.name)) > 0 then 'Deal' else d.name end,
             next_step = case when position(lower(p.full_name) in lower(d.next_step)) > 0 then null else d.next_step end
             from deal_people x join people p on p.id = x.person_id
            where d.company_id = $1 and x.company_id = $1 and x.person_id = $2 and d.id = x.deal_id and length(p.full_name) > 1
              and position(lower(p.full_name) in lower(concat(d.name, ' ', d.next_step))) > 0 returning 1`,
  },
  {
    table: 'sync_links',
    what: 'anonymised',
    text: `update sync_links set person_id = null, base = '{}', hash = '', note = 'erased', flags = 0 where company_id = $1 and person_id = $2 returning 1`,
  },
  {
    table: 'sync_refusals',
    what: 'deleted',
    text: `delete from sync_refusals where company_id = $1 and exists (select from unnest($7::text[]) w where position(w in lower(coalesce(value, '') || raw::text)) > 0) returning 1`,
  },
  {
    table: 'sync_fixes',
    what: 'deleted',
    text: `delete from sync_fixes where company_id = $1 and exists (select from unnest($7::text[]) w where position(w in lower(coalesce(came, '') || value)) > 0) returning 1`,
  },
  {
    table: 'sync_conflicts',
    what: 'deleted',
    text: `delete from sync_conflicts where company_id = $1 and person_id = $2 returning 1`,
  },
  {
    table: 'form_partials',
    what: 'deleted',
    text: `delete from form_partials where company_id = $1 and exists (select from unnest($7::text[]) w where position(w in lower(answers::text)) > 0) returning 1`,
  },
  {
    table: 'import_chunks',
    what: 'deleted',
    text: `delete from import_chunks c using imports i where c.company_id = $1 and i.id = c.import_id and i.company_id = $1 and i.state in ('done', 'failed') returning 1`,
  },
  {
    table: 'webhook_messages',
    what: 'deleted',
    text: `delete from webhook_messages where company_id = $1 and exists (select from unnest($6::text[] || $7::text[]) w where position(w in lower(body)) > 0) returning 1`,
  },
  {
    table: 'hook_requests',
    what: 'deleted',
    text: `delete from hook_requests where company_id = $1
             and exists (select from unnest($6::text[] || $7::text[]) w where position(w in lower(concat(query, headers, body))) > 0) returning 1`,
  },
  {
    table: 'alert_recipients',
    what: 'deleted',
    text: `delete from alert_recipients where company_id = $1 and lower(email) = any ($4::text[]) returning 1`,
  },
  {
    table: 'idempotency_keys',
    what: 'deleted',
    text: `delete from idempotency_keys where company_id = $1 and body is not null and exists (select from unnest($6::text[] || $7::text[]) w where position(w in lower(body::text)) > 0) returning 1`,
  },
];

/** Found in the catalogue, and looked after elsewhere in erase.ts. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  suppressions: 'the address goes, its keyed hash stays',
  opt_out_journal: 'holds keyed hashes only, and that this id was erased',
};
