-- name: enqueue$
-- One message to be sent: a reply, a digest or a notice.
INSERT INTO outbox (kind, lane, destination, channel, rank, state, reason, not_before,
                    payload, address, created_at, changed_at)
VALUES (:kind, :lane, :destination, :channel, :rank, 'queued', :reason, :not_before,
        :payload, :address, :now, :now)
RETURNING id;

-- name: enqueue_deliveries!
-- The deliveries of routed messages, each in its first state, in one statement.
INSERT INTO outbox (kind, lane, destination, channel, notification, rank, state, reason,
                    rule, not_before, created_at, changed_at)
SELECT 'delivery', value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
       value ->> 5, value ->> 6, value ->> 7, :now, :now, :now
  FROM json_each(:rows);

-- name: orphans!
-- The lane's last worker is gone: whether this arrived, nobody knows.
UPDATE outbox SET state = 'queued', uncertain = 1
 WHERE lane = :lane AND state = 'sending';

-- name: outbox_due
-- What a lane may send now: replies, then criticals, then the oldest. What failed before
-- stands behind what was not tried yet: it must not hold up the others for ever.
SELECT outbox.id, outbox.kind, outbox.payload, outbox.address, outbox.attempts,
       outbox.first_attempt_at, outbox.uncertain, outbox.created_at, outbox.rank,
       outbox.stale_at, n.id AS number, n.source, n.type, n.severity, n.status, n.title, n.fingerprint,
       n.content, n.accepted_at
  FROM outbox LEFT JOIN notifications AS n ON n.id = outbox.notification
 WHERE outbox.lane = :lane AND outbox.state = 'queued' AND outbox.digest IS NULL
   AND outbox.not_before <= :now
 ORDER BY outbox.rank, outbox.attempts > 0, outbox.id
 LIMIT :batch;

-- name: start_sending!
-- Freeze the bytes before the first attempt, and count the attempt.
UPDATE outbox
   SET state = 'sending', payload = :payload, attempts = attempts + 1,
       first_attempt_at = coalesce(first_attempt_at, :now), changed_at = :now
 WHERE id = :id AND state = 'queued';

-- name: finish!
-- The last state of one message, with its reason.
UPDATE outbox SET state = :state, reason = :reason, remote = :remote, uncertain = 0,
       changed_at = :now
 WHERE id = :id AND state IN ('queued', 'sending', 'held');

-- name: finish_members!
-- The members share the fate of their digest.
UPDATE outbox SET state = :state, reason = :reason, changed_at = :now
 WHERE digest = :digest AND state = 'queued';

-- name: try_again!
-- Not delivered, and not for good: once more later. What does not count as an attempt
-- (a throttle, a parked lane) does not begin the 24 hours either, unless it is in doubt:
-- then it counts since when.
UPDATE outbox
   SET state = 'queued', not_before = :not_before, reason = :reason,
       uncertain = :uncertain, attempts = attempts - :given_back,
       first_attempt_at = CASE WHEN :begins_again > 0 THEN NULL
                               ELSE first_attempt_at END,
       changed_at = :now
 WHERE id = :id AND state = 'sending';

-- name: join_digest*!
-- These are told by one digest from now on.
UPDATE outbox SET state = 'queued', digest = :digest, hold = NULL, changed_at = :now
 WHERE id = :id AND state IN ('queued', 'held');

-- name: keep_held*!
-- A window, a mute or a digest keeps these; it may promise to keep them from expiring.
UPDATE outbox
   SET state = 'held', hold = :hold, reason = :reason, rule = :rule, changed_at = :now,
       stale_at = CASE WHEN :stale_at > stale_at THEN :stale_at ELSE stale_at END
 WHERE id = :id AND state IN ('queued', 'held');

-- name: let_go*!
-- Held no longer: sent as itself.
UPDATE outbox SET state = 'queued', hold = NULL, not_before = :now, changed_at = :now
 WHERE id = :id AND state = 'held';

-- name: close_deliveries*!
-- Final without being sent: muted or expired.
UPDATE outbox SET state = :state, reason = :reason, rule = :rule, hold = NULL,
       changed_at = :now
 WHERE id = :id AND state IN ('queued', 'held');

-- name: deliveries_of
-- Every delivery of one message, as /why and the doors tell it. What waits in a parked
-- lane waits for what the lane was parked for.
SELECT outbox.id, outbox.notification, outbox.destination, outbox.channel, outbox.state,
       CASE WHEN outbox.reason = '' AND outbox.state = 'queued'
            THEN coalesce(lanes.parked_words, '') ELSE outbox.reason END AS reason,
       outbox.rule, outbox.attempts, outbox.created_at, outbox.changed_at,
       holds.until AS held_until
  FROM outbox LEFT JOIN holds ON holds.id = outbox.hold
              LEFT JOIN lanes ON lanes.id = outbox.lane
 WHERE outbox.notification = :number AND outbox.kind = 'delivery'
 ORDER BY outbox.id;

-- name: message_shown_by$
-- Which notification a message in Lark shows, where it shows one alone.
SELECT notification FROM outbox
 WHERE remote = :remote AND notification IS NOT NULL LIMIT 1;

-- name: states_of
-- The ledger of one destination since a moment.
SELECT state, count(*) AS count FROM outbox
 WHERE kind = 'delivery' AND destination = :destination AND created_at >= :since
 GROUP BY state ORDER BY state;

-- name: arrivals_of
-- What came for one destination since a moment, by the minute.
SELECT n.type, n.severity, outbox.channel, outbox.created_at / 60000 AS minute,
       count(*) AS count
  FROM outbox JOIN notifications AS n ON n.id = outbox.notification
 WHERE outbox.kind = 'delivery' AND outbox.destination = :destination
   AND outbox.created_at >= :since AND outbox.channel <> 'inbox'
   AND outbox.state <> 'undeliverable'
 GROUP BY n.type, n.severity, outbox.channel, outbox.created_at / 60000
 ORDER BY minute DESC LIMIT :most;

-- name: waiting_of$
-- How many messages wait to be sent to one destination.
SELECT count(*) FROM outbox
 WHERE kind = 'delivery' AND destination = :destination
   AND state IN ('queued', 'sending');

-- name: count_open$
-- How many messages wait, are being sent or are held, everywhere.
SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'held');

-- name: ledger_states
-- The account of all deliveries by state.
SELECT state, count(*) AS count FROM outbox WHERE kind = 'delivery'
 GROUP BY state ORDER BY state;

-- name: ledger_routing
-- The account of all accepted messages by how far routing came.
SELECT routing, count(*) AS count FROM notifications GROUP BY routing ORDER BY routing;

-- name: ledger_unaccounted$
-- Routed messages without a delivery: there must be none.
SELECT count(*) FROM notifications
 WHERE routing = 'routed'
   AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.notification = notifications.id);

-- name: dead_list
-- What was given up, newest first.
SELECT outbox.id, outbox.kind, outbox.destination, outbox.channel, outbox.reason,
       outbox.attempts, outbox.changed_at, n.id AS number, n.title
  FROM outbox LEFT JOIN notifications AS n ON n.id = outbox.notification
 WHERE outbox.state = 'dead' ORDER BY outbox.id DESC LIMIT :batch;

-- name: revive!
-- Try a dead message again, as if for the first time.
UPDATE outbox
   SET state = 'queued', attempts = 0, first_attempt_at = NULL, not_before = :now,
       reason = :reason, digest = NULL, changed_at = :now,
       payload = CASE WHEN kind = 'delivery' THEN NULL ELSE payload END
 WHERE id = :id AND state = 'dead';

-- name: revive_members!
-- …and with a digest those that it names.
UPDATE outbox SET state = 'queued', reason = :reason, changed_at = :now
 WHERE digest = :digest AND state = 'dead';

-- name: drop_address!
-- The message that this answers is gone: it is sent by itself.
UPDATE outbox SET address = '' WHERE id = :id;

-- name: outbox_get^
-- One row of the outbox.
SELECT id, kind, lane, destination, channel, state, reason, rank, digest
  FROM outbox WHERE id = :id;

-- name: close_destination!
-- The destination is no more: what waited for it cannot be delivered. What a digest tells
-- that is being sent shares its fate.
UPDATE outbox SET state = 'undeliverable', reason = :reason, hold = NULL,
       changed_at = :now
 WHERE destination = :destination AND state IN ('queued', 'held')
   AND NOT EXISTS (SELECT 1 FROM outbox AS telling
                    WHERE telling.id = outbox.digest AND telling.state = 'sending');

-- name: close_lane!
-- Nobody is reached over this lane any more: what waits in it cannot be delivered. Whoever
-- asks holds the lane, so nothing in it is being sent.
UPDATE outbox SET state = 'undeliverable', reason = :reason, changed_at = :now
 WHERE lane = :lane AND state = 'queued';

-- name: prune_outbox!
-- Replies, digests and notices that are over and older than the retention. Numbers rise
-- with time, so the first that is younger ends the search.
DELETE FROM outbox
 WHERE id IN (SELECT id FROM outbox
               WHERE id <= coalesce((SELECT id FROM outbox WHERE created_at >= :before
                                      ORDER BY id LIMIT 1), 9223372036854775807)
                 AND kind <> 'delivery' AND changed_at < :before
                 AND state NOT IN ('queued', 'sending') ORDER BY id LIMIT :batch);
