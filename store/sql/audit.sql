-- name: audit_insert$
-- One change: who, where, what was, what is; its number.
INSERT INTO audit (at, actor, place, command, subject, was, became)
VALUES (:at, :actor, :place, :command, :subject, :was, :became)
RETURNING id;

-- name: audit_get^
-- One change.
SELECT * FROM audit WHERE id = :id;

-- name: audit_latest
-- The changes made in one place since a moment, newest first.
SELECT * FROM audit
 WHERE place = :place AND at >= :since
 ORDER BY id DESC
 LIMIT :limit;

-- name: audit_page
-- Changes, newest first: of one place, of one person; of all where those are empty.
SELECT * FROM audit
 WHERE (:place = '' OR place = :place) AND (:actor = '' OR actor = :actor)
 ORDER BY id DESC
 LIMIT :limit OFFSET :skip;

-- name: audit_undone!
-- A change that was taken back, once.
UPDATE audit SET undone_at = :now WHERE id = :id AND undone_at IS NULL;

-- name: audit_prune!
-- Forget changes of long ago.
DELETE FROM audit WHERE at < :before;
