-- Where somebody is, ISO 3166: which law their mail stands under (src/modules/people/basis/country-of.ts).
alter table people add column country text check (country ~ '^[A-Z]{2}$');
