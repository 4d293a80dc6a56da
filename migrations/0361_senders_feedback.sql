-- What a sender let go, newest first: the circuit breaker counts what came back of it.
create index messages_sender_left on messages (sender_id, (coalesce(sent_at, delivery_at)) desc)
  where sender_id is not null and coalesce(sent_at, delivery_at) is not null;
