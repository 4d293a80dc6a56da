-- SMS to and from people: numbers in E.164, in the place of addresses.
alter table messages add column to_phone text;
alter table messages add column from_phone text;
alter table messages add constraint messages_to_somebody check (channel = 'email' or to_phone is not null or state = 'blocked');
