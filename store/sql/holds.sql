-- name: open_hold$
-- What this rule keeps for this lane, as one row; its end is the newest decision's.
INSERT INTO holds (lane, cause, words, author, until, created_at)
VALUES (:lane, :cause, :words, :author, :until, :now)
ON CONFLICT (lane, cause) DO UPDATE
   SET until = excluded.until, words = excluded.words, author = excluded.author
RETURNING id;

-- name: holds_due
-- The holds of a lane that are over, oldest first.
SELECT id, cause, words, until, created_at FROM holds
 WHERE lane = :lane AND until <= :now ORDER BY until, id;

-- name: held_members
-- What a hold keeps, oldest first.
SELECT outbox.id, outbox.kind, outbox.payload, outbox.address, outbox.attempts,
       outbox.first_attempt_at, outbox.uncertain, outbox.created_at, outbox.rank,
       outbox.stale_at, n.id AS number, n.source, n.type, n.severity, n.status, n.title, n.fingerprint,
       n.content, n.accepted_at
  FROM outbox JOIN notifications AS n ON n.id = outbox.notification
 WHERE outbox.hold = :hold AND outbox.state = 'held'
 ORDER BY outbox.id LIMIT :batch;

-- name: close_hold!
-- Nothing is kept by it any more.
DELETE FROM holds
 WHERE id = :hold
   AND NOT EXISTS (SELECT 1 FROM outbox
                    WHERE outbox.hold = holds.id AND outbox.state = 'held');

-- name: release_holds!
-- Turn the hold rows of these destinations; their members are decided again as sent.
UPDATE holds SET until = :now
 WHERE until > :now
   AND lane IN (SELECT lanes.id FROM lanes
                 WHERE destination IN (SELECT value FROM json_each(:targets)));

-- name: release_cause!
-- Turn the hold rows of one rule. A scheduled digest has one for each of its times.
UPDATE holds SET until = :now
 WHERE until > :now AND (cause = :cause OR cause LIKE :cause || '@%');

-- name: kept_by$
-- How many messages one rule keeps.
SELECT count(*) FROM holds JOIN outbox ON outbox.hold = holds.id AND outbox.state = 'held'
 WHERE cause = :cause OR cause LIKE :cause || '@%';

-- name: wake_released!
-- Lanes whose holds are over are due now. Those that seem to be are written too: a
-- worker that is just giving one back has not seen that its hold is over.
UPDATE lanes
   SET due_at = CASE WHEN due_at <= :now THEN due_at ELSE :now END
 WHERE id IN (SELECT lane FROM holds WHERE until <= :now);

-- name: held_by
-- What is held for these destinations, by rule.
SELECT holds.cause, holds.words, holds.until, count(outbox.id) AS count
  FROM holds JOIN outbox ON outbox.hold = holds.id AND outbox.state = 'held'
 WHERE holds.lane IN (SELECT lanes.id FROM lanes
                       WHERE destination IN (SELECT value FROM json_each(:targets)))
 GROUP BY holds.cause, holds.words, holds.until ORDER BY holds.until;
