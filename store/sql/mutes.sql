-- name: mute_get^
-- One mute that was neither lifted nor is over.
SELECT * FROM mutes WHERE id = :id AND ended_at IS NULL AND until > :now;

-- name: mutes_of
-- The mutes of one destination that are neither lifted nor over.
SELECT * FROM mutes
 WHERE target = :target AND ended_at IS NULL AND until > :now
 ORDER BY id;

-- name: mute_insert$
-- A new mute; its number.
INSERT INTO mutes (target, filter, until, mutes, spare_critical, reason,
                   created_by, created_at)
VALUES (:target, :filter, :until, :mutes, :spare_critical, :reason,
        :created_by, :created_at)
RETURNING id;

-- name: mute_lift!
-- It ends now; that it was there is kept.
UPDATE mutes SET ended_at = :now WHERE id = :id AND ended_at IS NULL;

-- name: mute_revive!
-- It was lifted by mistake.
UPDATE mutes SET ended_at = NULL WHERE id = :id;

-- name: mutes_prune!
-- Forget what ended long ago.
DELETE FROM mutes WHERE until < :before OR ended_at < :before;

-- name: mutes_over
-- Those that ended by themselves since a moment, and nobody was told so yet.
SELECT * FROM mutes
 WHERE until <= :now AND until > :since AND told_at IS NULL AND ended_at IS NULL
 ORDER BY id LIMIT 100;

-- name: mute_told!
-- People are told now; whoever comes second tells nobody.
UPDATE mutes SET told_at = :now WHERE id = :id AND told_at IS NULL;

-- name: mute_digest^
-- A digest of what a mute held, if there was one: its headline says that it is over.
SELECT digest FROM outbox
 WHERE destination = :target AND created_at >= :since AND rule = :rule
   AND digest IS NOT NULL LIMIT 1;
