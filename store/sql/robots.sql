-- name: robots_all
-- Every robot that posts, by name.
SELECT * FROM robots WHERE removed_at IS NULL AND draft_until IS NULL ORDER BY name;

-- name: robot_get^
-- One robot, or one that still waits for its group; not one that was removed.
SELECT * FROM robots WHERE id = :id AND removed_at IS NULL;

-- name: robot_named^
-- The robot that posts under a name.
SELECT * FROM robots
 WHERE name = :name AND removed_at IS NULL AND draft_until IS NULL;

-- name: robot_drafts
-- What one person gave in a direct chat, and what waits for its group.
SELECT * FROM robots
 WHERE owner = :owner AND removed_at IS NULL AND draft_until > :now ORDER BY name;

-- name: robots_removed
-- Who was removed, the last first: what was told there is kept under that name.
SELECT name, chat, removed_at FROM robots
 WHERE removed_at IS NOT NULL AND draft_until IS NULL
 ORDER BY removed_at DESC;

-- name: robots_of_chat
-- The robots that post in a chat.
SELECT name FROM robots
 WHERE chat = :chat AND removed_at IS NULL AND draft_until IS NULL ORDER BY name;

-- name: robot_chats
-- What the robots are called, and the groups that they post in.
SELECT name, chat FROM robots
 WHERE removed_at IS NULL AND draft_until IS NULL ORDER BY name;

-- name: robot_insert$
-- A new robot; its number.
INSERT INTO robots (name, platform, chat, hook, keyword, mention_all, allow, deny,
                    per_hour, paused, owner, baseline, created_by, created_at,
                    changed_by, draft_until)
VALUES (:name, :platform, :chat, :hook, :keyword, :mention_all, :allow, :deny,
        :per_hour, :paused, :owner, :baseline, :created_by, :created_at,
        :changed_by, :draft_until)
RETURNING id;

-- name: robot_update!
-- What a robot is now, and that it is there; its baseline stays.
UPDATE robots
   SET name = :name, platform = :platform, chat = :chat, hook = :hook,
       keyword = :keyword, mention_all = :mention_all, allow = :allow, deny = :deny,
       per_hour = :per_hour, paused = :paused, owner = :owner,
       changed_by = :changed_by, changed_at = :now, draft_until = :draft_until,
       removed_at = NULL
 WHERE id = :id;

-- name: robot_rebase!
-- What the YAML says now; what chat changed stays.
UPDATE robots SET baseline = :baseline, changed_at = :now WHERE id = :id;

-- name: robot_remove!
-- Gone, but for its name, and until the next statement what it posts with.
UPDATE robots SET removed_at = :now WHERE id = :id AND removed_at IS NULL;

-- name: robots_gone
-- Robots that were removed, and can be brought back no more.
SELECT * FROM robots
 WHERE removed_at IS NOT NULL AND removed_at <= :before AND hook <> 0;

-- name: robot_emptied!
-- Nothing is left of it but its name.
UPDATE robots SET hook = 0 WHERE id = :id;

-- name: drafts_over
-- What waited for its group too long.
SELECT * FROM robots WHERE draft_until <= :now AND removed_at IS NULL;

-- name: robots_prune!
-- What was told by these is forgotten too: their names are free.
DELETE FROM robots WHERE removed_at IS NOT NULL AND removed_at < :before AND hook = 0;

-- name: hook_get^
-- What a robot posts with, sealed.
SELECT webhook, secret FROM robot_hooks WHERE id = :id;

-- name: hooks_all
-- All that robots post with, sealed.
SELECT id, robot, webhook, secret FROM robot_hooks ORDER BY id;

-- name: hooks_in_use
-- What robots post with now, sealed, and which robot that is.
SELECT robots.id AS robot, hooks.webhook FROM robot_hooks AS hooks
  JOIN robots ON robots.hook = hooks.id
 WHERE robots.removed_at IS NULL;

-- name: hook_insert$
-- What a robot posts with from now on; its number.
INSERT INTO robot_hooks (robot, webhook, secret, made_at)
VALUES (:robot, :webhook, :secret, :now) RETURNING id;

-- name: hook_move!
-- It belongs to another robot: to the one that it was meant for.
UPDATE robot_hooks SET robot = :robot WHERE id = :id;

-- name: hooks_retire!
-- All but the one in use are kept only as long as the change can be undone.
UPDATE robot_hooks SET retired_at = coalesce(retired_at, :now)
 WHERE robot = :robot AND id <> :hook;

-- name: hook_revive!
-- In use again.
UPDATE robot_hooks SET retired_at = NULL WHERE id = :id;

-- name: hooks_forget!
-- Nobody can go back to these any more.
DELETE FROM robot_hooks WHERE retired_at IS NOT NULL AND retired_at <= :before;

-- name: hooks_drop!
-- At once: the YAML has them, or has them no more.
DELETE FROM robot_hooks WHERE robot = :robot AND id <> :hook;

-- name: hook_reseal!
-- The same under a newer key.
UPDATE robot_hooks SET webhook = :webhook, secret = :secret WHERE id = :id;

-- name: robot_worked!
-- It took a message.
UPDATE robots SET worked_at = :now
 WHERE name = :name AND removed_at IS NULL AND draft_until IS NULL;

-- name: robot_failed!
-- It took none, and why.
UPDATE robots SET failed_at = :now, failed_words = :words
 WHERE name = :name AND removed_at IS NULL AND draft_until IS NULL;

-- name: robot_health^
-- When it took a message last, and when it did not.
SELECT worked_at, failed_at, failed_words FROM robots WHERE id = :id;

-- name: post_insert!
-- One post of a robot.
INSERT INTO robot_posts (lane, at, critical) VALUES (:lane, :at, :critical);

-- name: posts_since
-- What a robot posted since a moment, newest first.
SELECT at, critical FROM robot_posts WHERE lane = :lane AND at > :since
 ORDER BY at DESC;

-- name: posts_forget!
-- Older than the hour that counts.
DELETE FROM robot_posts WHERE at <= :before;
