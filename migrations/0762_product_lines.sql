-- What a product says on an invoice, beside its name and list price.
alter table products
  add column description text not null default '',
  -- hour, piece, kg
  add column unit text not null default '',
  -- thousandths of a percent; null: by the rules of the two countries
  add column tax_rate integer check (tax_rate between 0 and 100000);
