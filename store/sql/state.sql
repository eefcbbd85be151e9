-- name: subscriptions_every
-- Every rule there is.
SELECT * FROM subscriptions ORDER BY owner <> 'yaml', id;

-- name: windows_every
-- Every window there is.
SELECT * FROM windows ORDER BY owner <> 'yaml', id;

-- name: schedules_every
-- Every digest by the clock there is.
SELECT * FROM schedules ORDER BY owner <> 'yaml', id;
