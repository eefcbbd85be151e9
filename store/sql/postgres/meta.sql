-- name: clock$
-- What time it is for the database: what all replicas agree on.
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
