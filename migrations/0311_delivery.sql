-- What vendors tell of a message after it left: delivered, bounced, complained about, opened. It only moves forward.
alter table messages add column delivery text check (delivery in ('deferred', 'delivered', 'refused', 'bounced', 'complained'));
alter table messages add column delivery_at timestamptz;
alter table messages add column opened_at timestamptz;
alter table messages add column clicked_at timestamptz;

-- Events that were taken in, by the vendor's own name for each: what comes again changes nothing. Holds nothing of a person but which message it was.
create table vendor_events (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  connection_id uuid not null references connections (id) on delete cascade,
  event_key text not null,
  what text not null,
  message_id uuid references messages (id) on delete cascade,
  happened_at timestamptz not null,
  received_at timestamptz not null,
  constraint vendor_events_once unique (connection_id, event_key)
);
create index vendor_events_company on vendor_events (company_id, id);
create index vendor_events_message on vendor_events (message_id, happened_at) where message_id is not null;
create index vendor_events_received on vendor_events (connection_id, received_at);
select steward_protect('vendor_events');
