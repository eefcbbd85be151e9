-- name: claim_task^
-- Many replicas ask at once: skip what another has locked.
WITH due AS MATERIALIZED (
  SELECT id FROM tasks
   WHERE due_at <= :now AND lease_until <= :now
   ORDER BY due_at, id
   LIMIT 1
     FOR UPDATE SKIP LOCKED
)
UPDATE tasks
   SET worker = :worker, lease_until = :lease_until, attempts = attempts + 1
  FROM due WHERE tasks.id = due.id
RETURNING tasks.id, kind, details, asked, attempts, created_at;

-- name: next_task$
-- When the next task can be claimed; null when there is none.
SELECT min(greatest(due_at, lease_until)) FROM tasks;
