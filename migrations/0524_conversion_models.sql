-- What was learned about the conversion of leads, each time; the newest that took over serves.
create table conversion_models (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  trained_at timestamptz not null,
  -- see Predictor in src/modules/scores/prediction/learn.ts; null: nothing could be learned, reason says why
  predictor jsonb,
  examples integer not null,
  positives integer not null,
  held integer not null,
  -- on the newest quarter of the leads, which it never saw; and what the one that served had on the same leads
  auc double precision,
  serving_auc double precision,
  reliability jsonb not null default '[]',
  took_over boolean not null,
  reason text not null
);
create index conversion_models_list on conversion_models (company_id, trained_at desc);
select steward_protect('conversion_models');

-- How likely an open lead converts, and what speaks for and against it. Goes with the lead.
create table conversion_predictions (
  lead_id uuid primary key references leads (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  model_id uuid not null references conversion_models (id) on delete cascade,
  chance real not null check (chance between 0 and 1),
  reasons jsonb not null default '[]',
  computed_at timestamptz not null
);
create index conversion_predictions_list on conversion_predictions (company_id, chance desc, lead_id);
create index conversion_predictions_model on conversion_predictions (model_id);
select steward_protect('conversion_predictions');
