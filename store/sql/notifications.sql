-- name: insert_new_notifications<!
-- Write a batch that nobody has sent before; it fails as a whole if somebody has.
INSERT INTO notifications (id, source, type, severity, status, title, fingerprint,
                           content, key, key_until, accepted_at)
SELECT given.key + 1
         + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'notifications'), 0),
       value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
       value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10
  FROM json_each(:rows) AS given;

-- name: reserve_numbers$
-- Numbers for a batch, as JSON. One writer at a time, so the next ones are ours.
WITH RECURSIVE counted (n) AS (
  SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :count
), taken (seq) AS (
  SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'notifications'), 0)
)
SELECT json_group_array(n + seq) FROM counted, taken;

-- name: numbers_written
-- Which of these numbers stand.
SELECT id FROM notifications WHERE id IN (SELECT value FROM json_each(:numbers));

-- name: insert_notifications!
-- Write a batch in one statement; what is not answered was there already, by its key.
INSERT INTO notifications (id, source, type, severity, status, title, fingerprint,
                           content, key, key_until, accepted_at)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
       value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10
  FROM json_each(:rows)
 WHERE true
    ON CONFLICT (source, key) WHERE key IS NOT NULL DO NOTHING;

-- name: notification_by_key^
-- Which message used this key, and until when it stands.
SELECT id, key_until FROM notifications WHERE source = :source AND key = :key;

-- name: forget_key!
-- The key's time is over: the next message may use it.
UPDATE notifications SET key = NULL, key_until = NULL WHERE id = :id;

-- name: notification_get^
-- One message by its number.
SELECT id AS number, source, type, severity, status, title, fingerprint, content,
       accepted_at, routing
  FROM notifications WHERE id = :number;

-- name: notifications_get$
-- These messages, oldest first, as JSON: a row of an answer has its price in SQLite.
SELECT json_group_array(json_object(
         'number', id, 'source', source, 'type', type, 'severity', severity,
         'status', status, 'title', title, 'fingerprint', fingerprint,
         'content', content, 'accepted_at', accepted_at))
  FROM (SELECT * FROM notifications
         WHERE id IN (SELECT value FROM json_each(:numbers)) ORDER BY id);

-- name: waiting_by_type
-- The oldest messages that nobody has routed yet, a row a type. The source is that of
-- the first: SQLite takes it from the row of the minimum.
SELECT type, source, min(id) AS first, json_group_array(id) AS numbers
  FROM (SELECT id, type, source FROM notifications
         WHERE routing = 'waiting' ORDER BY id LIMIT :batch)
 GROUP BY type;

-- name: notifications_waiting
-- The oldest messages that nobody has routed yet.
SELECT id AS number, source, type, severity, status, title, fingerprint, content,
       accepted_at
  FROM notifications WHERE routing = 'waiting' ORDER BY id LIMIT :batch;

-- name: mark_routed!
-- Routed, in the transaction that wrote the deliveries.
UPDATE notifications SET routing = 'routed'
 WHERE id IN (SELECT value FROM json_each(:numbers));

-- name: mark_unrouted!
-- Nobody wants these: kept, counted, seen by admins.
UPDATE notifications SET routing = 'unrouted'
 WHERE id IN (SELECT value FROM json_each(:numbers));

-- name: count_waiting$
-- How many messages wait to be routed.
SELECT count(*) FROM notifications WHERE routing = 'waiting';

-- name: firing_shown$
-- Whether this lane has shown people the firing that a resolution belongs to: any of the
-- newest run of firings before it, delivered or named in a digest. What was shown of an
-- incident that had ended before is not it.
SELECT 1
  FROM notifications AS fired JOIN outbox ON outbox.notification = fired.id
 WHERE fired.source = :source AND fired.fingerprint = :fingerprint
   AND fired.routing <> 'waiting' AND fired.status = 'firing' AND fired.id < :number
   AND fired.id > coalesce((
         SELECT max(ended.id) FROM notifications AS ended
          WHERE ended.source = :source AND ended.fingerprint = :fingerprint
            AND ended.routing <> 'waiting' AND ended.status = 'resolved' AND ended.id < (
                  SELECT max(newest.id) FROM notifications AS newest
                   WHERE newest.source = :source AND newest.fingerprint = :fingerprint
                     AND newest.routing <> 'waiting'
                     AND newest.status = 'firing' AND newest.id < :number)), 0)
   AND outbox.lane = :lane AND outbox.state IN ('delivered', 'digested')
 LIMIT 1;

-- name: prune_notifications!
-- What is older than the retention goes, unless something of it still waits. Numbers
-- rise with time, so the first that is younger ends the search.
DELETE FROM notifications
 WHERE id IN (SELECT id FROM notifications
               WHERE id <= coalesce((SELECT id FROM notifications
                                      WHERE accepted_at >= :before
                                      ORDER BY id LIMIT 1), 9223372036854775807)
                 AND accepted_at < :before AND routing <> 'waiting'
                 AND NOT EXISTS (SELECT 1 FROM outbox
                                  WHERE outbox.notification = notifications.id
                                    AND outbox.state IN ('queued', 'sending', 'held'))
               ORDER BY id LIMIT :batch);

-- name: ended_among
-- Which of these messages opened an incident that has ended since.
SELECT fired.id AS number FROM notifications AS fired
 WHERE fired.id IN (SELECT value FROM json_each(:numbers))
   AND fired.fingerprint IS NOT NULL
   AND (SELECT last.status FROM notifications AS last
         WHERE last.source = fired.source AND last.fingerprint = fired.fingerprint
           AND last.routing <> 'waiting'
         ORDER BY last.id DESC LIMIT 1) = 'resolved';
