-- name: enqueue_deliveries!
-- The deliveries of routed messages, each in its first state, in one statement.
INSERT INTO outbox (kind, lane, destination, channel, notification, rank, state, reason,
                    rule, not_before, created_at, changed_at)
SELECT 'delivery', value ->> 0, value ->> 1, value ->> 2, (value ->> 3)::bigint,
       (value ->> 4)::bigint, value ->> 5, value ->> 6, value ->> 7,
       :now::bigint, :now::bigint, :now::bigint
  FROM jsonb_array_elements(:rows::jsonb) WITH ORDINALITY AS given (value, position)
 ORDER BY position;
