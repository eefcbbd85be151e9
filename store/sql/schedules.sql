-- name: schedule_get^
-- One scheduled digest.
SELECT * FROM schedules WHERE id = :id;

-- name: schedules_of
-- The scheduled digests of one destination, those turned off too.
SELECT * FROM schedules WHERE target = :target ORDER BY id;

-- name: schedules_owned
-- The scheduled digests of one owner: of the YAML, of a chat, of a person.
SELECT * FROM schedules WHERE owner = :owner ORDER BY id;

-- name: schedule_named^
-- Who has this name with this owner for this destination.
SELECT * FROM schedules WHERE owner = :owner AND target = :target AND name = :name;

-- name: schedule_insert$
-- A new scheduled digest; its number.
INSERT INTO schedules (name, owner, target, patterns, times, days, zone, calendar,
                       collects, spare_critical, enabled, baseline, created_by,
                       created_at, changed_by, changed_at)
VALUES (:name, :owner, :target, :patterns, :times, :days, :zone, :calendar,
        :collects, :spare_critical, :enabled, :baseline, :created_by,
        :created_at, :changed_by, :changed_at)
RETURNING id;

-- name: schedule_restore!
-- A scheduled digest that was removed, under the number it had.
INSERT INTO schedules (id, name, owner, target, patterns, times, days, zone, calendar,
                       collects, spare_critical, enabled, baseline, created_by,
                       created_at, changed_by, changed_at)
VALUES (:id, :name, :owner, :target, :patterns, :times, :days, :zone, :calendar,
        :collects, :spare_critical, :enabled, :baseline, :created_by,
        :created_at, :changed_by, :changed_at);

-- name: schedule_update!
-- What a scheduled digest says now; its baseline stays.
UPDATE schedules
   SET patterns = :patterns, times = :times, days = :days, zone = :zone,
       calendar = :calendar, collects = :collects, spare_critical = :spare_critical,
       enabled = :enabled, changed_by = :changed_by, changed_at = :changed_at
 WHERE id = :id;

-- name: schedule_rebase!
-- What the YAML says now; what chat changed stays.
UPDATE schedules SET baseline = :baseline WHERE id = :id;

-- name: schedule_delete!
-- Take a scheduled digest away.
DELETE FROM schedules WHERE id = :id;
