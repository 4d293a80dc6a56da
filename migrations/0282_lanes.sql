-- One company's backlog and another's ten: what is due is also found company by company (docs/adr/0031-lanes.md).
create index outbox_company on outbox (company_id, id) where failed_at is null;
create index runs_wake_company on runs (company_id, wake_at) where state = 'waiting';
