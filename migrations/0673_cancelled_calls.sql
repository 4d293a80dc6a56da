-- A call that was called off keeps its time and its number, so that calendars take the entry out (RFC 5546, 3.2.5). Null: it stands, or none was planned.
alter table onboardings add column call_cancelled_at timestamptz;
