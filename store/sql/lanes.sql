-- name: touch_lane*!
-- Something waits in this lane from due_at on: make the lane, or wake it earlier.
INSERT INTO lanes (id, destination, channel, due_at, rank)
VALUES (:id, :destination, :channel, :due_at, :rank)
ON CONFLICT (id) DO UPDATE
   SET due_at = CASE WHEN lanes.due_at <= excluded.due_at THEN lanes.due_at
                     ELSE excluded.due_at END,
       rank = CASE WHEN lanes.rank <= excluded.rank THEN lanes.rank
                   ELSE excluded.rank END;

-- name: claim_lanes
-- Lease up to :batch lanes that are due to :worker: the most urgent, then the longest
-- waiting. A parked lane is tried again when its parking says so.
UPDATE lanes
   SET worker = :worker, lease_until = :lease_until
 WHERE id IN (
         SELECT id FROM lanes
          WHERE due_at <= :now AND pace_until <= :now AND lease_until <= :now
            AND (parked IS NULL OR parked_until <= :now) AND paused = 0
          ORDER BY rank, due_at, id
          LIMIT :batch
       )
RETURNING id, destination, channel, rank, due_at;

-- name: renew_lane!
-- Still ours? Only the worker that holds the lease may send.
UPDATE lanes SET lease_until = :lease_until
 WHERE id = :lane AND worker = :worker AND lease_until > :now;

-- name: release_lane!
-- Give the lane back, paced. From here on its row is ours until the commit.
UPDATE lanes SET worker = NULL, lease_until = 0, pace_until = :pace_until
 WHERE id = :lane AND worker = :worker;

-- name: reckon_lane!
-- Due when its next message or hold is. A statement of its own: it sees what others
-- committed while the one before it waited for the lane's row. In one statement, what
-- was queued meanwhile would not be counted, and would wait for ever.
UPDATE lanes
   SET due_at = (
         SELECT min(due) FROM (
           SELECT min(not_before) AS due FROM outbox
            WHERE lane = :lane AND state = 'queued' AND digest IS NULL
            UNION ALL
           SELECT min(until) AS due FROM holds WHERE lane = :lane
         ) AS dues),
       rank = coalesce((
         SELECT min(rank) FROM outbox
          WHERE lane = :lane AND state = 'queued' AND digest IS NULL), 2)
 WHERE id = :lane;

-- name: return_leases!
-- One process: whoever held a lane before this start is gone.
UPDATE lanes SET worker = NULL, lease_until = 0 WHERE worker IS NOT NULL;

-- name: next_due$
-- When the next lane can be claimed; null when nothing waits anywhere.
SELECT min(max(due_at, pace_until, lease_until,
               CASE WHEN parked IS NULL THEN 0 ELSE parked_until END))
  FROM lanes WHERE due_at IS NOT NULL AND paused = 0;

-- name: park_lane!
-- Closed to us: nothing is sent until it opens, or until it is tried again.
UPDATE lanes
   SET parked = coalesce(parked, :now), parked_words = :words, parked_until = :parked_until
 WHERE id = :lane;

-- name: unpark_lane!
-- It works again.
UPDATE lanes SET parked = NULL, parked_words = '', parked_until = NULL
 WHERE id = :lane AND parked IS NOT NULL;

-- name: probe_destination!
-- Perhaps it works again: try what is parked now, and say nothing if it does not.
UPDATE lanes SET parked_until = :now
 WHERE destination = :destination AND parked_until > :now;

-- name: unpark_destination!
-- Somebody opened this destination again: try at once.
UPDATE lanes SET parked = NULL, parked_words = '', parked_until = NULL
 WHERE destination = :destination AND parked IS NOT NULL;

-- name: is_channel_parked$
-- Whether some lane of a channel is parked: admins know it, then.
SELECT count(*) FROM (SELECT 1 FROM lanes
                       WHERE channel = :channel AND parked IS NOT NULL LIMIT 1) AS one;

-- name: unpark_channel!
-- What one server carries for everybody works again.
UPDATE lanes SET parked = NULL, parked_words = '', parked_until = NULL
 WHERE channel = :channel AND parked IS NOT NULL;

-- name: probe_channel!
-- Perhaps it works again: try what is parked now, and say nothing if it does not.
UPDATE lanes SET parked_until = :now
 WHERE channel = :channel AND parked_until > :now;

-- name: is_parked$
-- Since when this lane is parked.
SELECT parked FROM lanes WHERE id = :lane;

-- name: lanes_parked
-- Every lane that is closed to us, and why.
SELECT id, destination, channel, parked, parked_words, parked_until FROM lanes
 WHERE parked IS NOT NULL ORDER BY id;

-- name: lane_of
-- The lanes of one destination, for its status.
SELECT id, channel, parked, parked_words, pace_until FROM lanes
 WHERE destination = :destination ORDER BY id;

-- name: return_leases_of!
-- This worker stops: its lanes are anybody's at once.
UPDATE lanes SET worker = NULL, lease_until = 0 WHERE worker = :worker;

-- name: pause_lane!
-- Nothing goes out here until somebody says so, whatever waits or comes to wait.
INSERT INTO lanes (id, destination, channel, paused)
VALUES (:id, :destination, :channel, 1)
ON CONFLICT (id) DO UPDATE SET paused = 1;

-- name: resume_destination!
-- It goes on.
UPDATE lanes SET paused = 0 WHERE destination = :destination AND paused <> 0;
