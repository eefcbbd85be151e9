-- name: subscriptions_for_patterns
-- Which rules name one of these patterns: by index, whatever their number.
SELECT DISTINCT s.id, s.name, s.owner, s.patterns, s.filter, s.targets, s.via, s.enabled,
       s.created_by, s.created_at, s.changed_by
  FROM subscription_patterns AS p JOIN subscriptions AS s ON s.id = p.subscription
 WHERE p.pattern IN (SELECT value FROM json_each(:patterns)) AND s.enabled = 1
 ORDER BY s.id;

-- name: windows_obeyed
-- The windows that deliveries to these targets obey.
SELECT * FROM windows
 WHERE target IN (SELECT value FROM json_each(:targets)) AND enabled = 1 ORDER BY id;

-- name: mutes_obeyed
-- The mutes that deliveries to these targets obey now.
SELECT * FROM mutes
 WHERE target IN (SELECT value FROM json_each(:targets))
   AND until > :now AND ended_at IS NULL ORDER BY id;

-- name: schedules_obeyed
-- The scheduled digests that deliveries to these targets obey.
SELECT * FROM schedules
 WHERE target IN (SELECT value FROM json_each(:targets)) AND enabled = 1 ORDER BY id;

-- name: silences_obeyed
-- Which kinds of silence these targets have: mostly none, which one trip tells.
SELECT 'windows' AS kind
 WHERE EXISTS (SELECT 1 FROM windows
                WHERE target IN (SELECT value FROM json_each(:targets))
                  AND enabled = 1)
 UNION ALL
SELECT 'mutes'
 WHERE EXISTS (SELECT 1 FROM mutes
                WHERE target IN (SELECT value FROM json_each(:targets))
                  AND until > :now AND ended_at IS NULL)
 UNION ALL
SELECT 'schedules'
 WHERE EXISTS (SELECT 1 FROM schedules
                WHERE target IN (SELECT value FROM json_each(:targets))
                  AND enabled = 1);
