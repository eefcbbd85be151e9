-- name: claim_lanes
-- Many replicas ask at once: skip what another has locked.
-- MATERIALIZED keeps the planner from running the LIMIT more than once.
WITH due AS MATERIALIZED (
  SELECT id FROM lanes
   WHERE due_at <= :now AND pace_until <= :now AND lease_until <= :now
     AND (parked IS NULL OR parked_until <= :now) AND paused = 0
   ORDER BY rank, due_at, id
   LIMIT :batch
     FOR UPDATE SKIP LOCKED
)
UPDATE lanes SET worker = :worker, lease_until = :lease_until
  FROM due WHERE lanes.id = due.id
RETURNING lanes.id, destination, channel, rank, due_at;

-- name: next_due$
-- When the next lane can be claimed; null when nothing waits anywhere.
SELECT min(greatest(due_at, pace_until, lease_until,
                    CASE WHEN parked IS NULL THEN 0 ELSE parked_until END))
  FROM lanes WHERE due_at IS NOT NULL AND paused = 0;
