-- What left today, for companies with a limit of a day: the gate counts it for each batch of mails. The index by state and moment of writing was read
-- for two weeks of mail to find one day of it.
create index messages_left on messages (company_id, sent_at) where direction = 'outbound' and state in ('sent', 'in_doubt');
