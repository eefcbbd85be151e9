-- name: meta_get$
-- One fact about this database.
SELECT value FROM meta WHERE name = :name;

-- name: meta_put!
-- Remember one fact about this database.
INSERT INTO meta (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: meta_put_once!
-- Remember one fact, unless it is known already.
INSERT INTO meta (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO NOTHING;

-- name: clock$
-- What time it is for the database.
SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER);
