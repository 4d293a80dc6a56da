-- Commercial mail waits for the hour of the week at which people answer, within the sending hours.
alter table sending add column send_time boolean not null default false;
