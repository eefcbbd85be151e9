-- name: insert_new_notifications<!
-- Write a batch that nobody has sent before; it fails as a whole if somebody has.
-- In the order of the keys: two replicas that get the same must not lock each other out.
WITH given AS MATERIALIZED (
  SELECT nextval('notifications_id_seq') AS id, position, value
    FROM jsonb_array_elements(:rows::jsonb) WITH ORDINALITY AS t (value, position)
), written AS (
  INSERT INTO notifications (id, source, type, severity, status, title, fingerprint,
                             content, key, key_until, accepted_at)
  SELECT id, value ->> 1, value ->> 2, (value ->> 3)::bigint, value ->> 4, value ->> 5,
         value ->> 6, value ->> 7, value ->> 8, (value ->> 9)::bigint,
         (value ->> 10)::bigint
    FROM given ORDER BY value ->> 8, id
)
SELECT array_agg(id ORDER BY position) FROM given;

-- name: reserve_numbers$
-- Numbers for a batch, as JSON, from the sequence that all replicas share.
SELECT json_agg(nextval('notifications_id_seq'))::text
  FROM generate_series(1, :count::int);

-- name: numbers_written
-- Which of these numbers stand.
SELECT id FROM notifications
 WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(:numbers::jsonb));

-- name: insert_notifications!
-- Write a batch in one statement; what is not answered was there already, by its key.
-- In the order of the keys: two replicas that get the same must not lock each other out.
INSERT INTO notifications (id, source, type, severity, status, title, fingerprint,
                           content, key, key_until, accepted_at)
SELECT (value ->> 0)::bigint, value ->> 1, value ->> 2, (value ->> 3)::bigint,
       value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8,
       (value ->> 9)::bigint, (value ->> 10)::bigint
  FROM jsonb_array_elements(:rows::jsonb)
 ORDER BY value ->> 8, (value ->> 0)::bigint
    ON CONFLICT (source, key) WHERE key IS NOT NULL DO NOTHING;

-- name: notifications_get$
-- These messages, oldest first, as JSON.
SELECT json_agg(json_build_object(
         'number', id, 'source', source, 'type', type, 'severity', severity,
         'status', status, 'title', title, 'fingerprint', fingerprint,
         'content', content, 'accepted_at', accepted_at) ORDER BY id)::text
  FROM notifications
 WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(:numbers::jsonb));

-- name: waiting_by_type
-- The oldest messages that nobody has routed yet, and no other replica is routing.
SELECT type, (array_agg(source ORDER BY id))[1] AS source,
       json_agg(id ORDER BY id)::text AS numbers
  FROM (SELECT id, type, source FROM notifications
         WHERE routing = 'waiting' ORDER BY id LIMIT :batch
           FOR UPDATE SKIP LOCKED) AS waiting
 GROUP BY type;

-- name: notifications_waiting
-- The oldest messages that nobody has routed yet, and no other replica is routing.
SELECT id AS number, source, type, severity, status, title, fingerprint, content,
       accepted_at
  FROM notifications WHERE routing = 'waiting' ORDER BY id LIMIT :batch
   FOR UPDATE SKIP LOCKED;

-- name: mark_routed!
-- Routed, in the transaction that wrote the deliveries.
UPDATE notifications SET routing = 'routed'
 WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(:numbers::jsonb));

-- name: mark_unrouted!
-- Nobody wants these: kept, counted, seen by admins.
UPDATE notifications SET routing = 'unrouted'
 WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(:numbers::jsonb));

-- name: ended_among
-- Which of these messages opened an incident that has ended since.
SELECT fired.id AS number FROM notifications AS fired
 WHERE fired.id IN (SELECT value::bigint FROM jsonb_array_elements_text(:numbers::jsonb))
   AND fired.fingerprint IS NOT NULL
   AND (SELECT last.status FROM notifications AS last
         WHERE last.source = fired.source AND last.fingerprint = fired.fingerprint
           AND last.routing <> 'waiting'
         ORDER BY last.id DESC LIMIT 1) = 'resolved';
