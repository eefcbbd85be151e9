-- name: preferences_of
-- What was chosen by or for one person or group.
SELECT name, value FROM preferences WHERE subject = :subject;

-- name: put_preference!
-- What somebody chose, in place of what was chosen before.
INSERT INTO preferences (subject, name, value, changed_by, changed_at)
VALUES (:subject, :name, :value, :changed_by, :now)
ON CONFLICT (subject, name) DO UPDATE
   SET value = excluded.value, changed_by = excluded.changed_by,
       changed_at = excluded.changed_at;

-- name: drop_preference!
-- Nobody chose here any more.
DELETE FROM preferences WHERE subject = :subject AND name = :name;

-- name: confirmation_insert!
-- A line that waits for its author's yes.
INSERT INTO confirmations (token, person, chat, line, until)
VALUES (:token, :person, :chat, :line, :until);

-- name: confirmation_get^
-- The line that a token stands for.
SELECT token, person, chat, line, until, used_at FROM confirmations
 WHERE token = :token;

-- name: confirmation_use!
-- A token that was used, once.
UPDATE confirmations SET used_at = :now WHERE token = :token AND used_at IS NULL;

-- name: forget_confirmations!
-- Tokens that nobody can use any more. They are kept a while, to say that they expired.
DELETE FROM confirmations WHERE until < :before;

-- name: task_insert$
-- Something that needs the network; its number.
INSERT INTO tasks (kind, details, asked, due_at, created_at)
VALUES (:kind, :details, :asked, :now, :now)
RETURNING id;

-- name: claim_task^
-- Lease the task that has waited longest to :worker.
UPDATE tasks
   SET worker = :worker, lease_until = :lease_until, attempts = attempts + 1
 WHERE id = (
         SELECT id FROM tasks
          WHERE due_at <= :now AND lease_until <= :now
          ORDER BY due_at, id
          LIMIT 1
       )
RETURNING id, kind, details, asked, attempts, created_at;

-- name: finish_task!
-- It is done and answered, by whoever holds it.
DELETE FROM tasks WHERE id = :id AND worker = :worker;

-- name: postpone_task!
-- It is tried again later.
UPDATE tasks SET worker = NULL, lease_until = 0, due_at = :due_at
 WHERE id = :id AND worker = :worker;

-- name: return_tasks!
-- One process: whoever held a task before this start is gone.
UPDATE tasks SET worker = NULL, lease_until = 0 WHERE worker IS NOT NULL;

-- name: next_task$
-- When the next task can be claimed; null when there is none.
SELECT min(max(due_at, lease_until)) FROM tasks;
