-- name: window_get^
-- One window.
SELECT * FROM windows WHERE id = :id;

-- name: windows_of
-- The windows of one destination, those turned off too.
SELECT * FROM windows WHERE target = :target ORDER BY id;

-- name: windows_owned
-- The windows of one owner: of the YAML, of a chat, of a person.
SELECT * FROM windows WHERE owner = :owner ORDER BY id;

-- name: window_named^
-- Who has this name with this owner for this destination.
SELECT * FROM windows WHERE owner = :owner AND target = :target AND name = :name;

-- name: window_insert$
-- A new window; its number.
INSERT INTO windows (name, owner, target, patterns, start_minute, end_minute, days,
                     zone, calendar, mutes, spare_critical, enabled, baseline,
                     created_by, created_at, changed_by, changed_at)
VALUES (:name, :owner, :target, :patterns, :start_minute, :end_minute, :days,
        :zone, :calendar, :mutes, :spare_critical, :enabled, :baseline,
        :created_by, :created_at, :changed_by, :changed_at)
RETURNING id;

-- name: window_restore!
-- A window that was removed, under the number it had.
INSERT INTO windows (id, name, owner, target, patterns, start_minute, end_minute, days,
                     zone, calendar, mutes, spare_critical, enabled, baseline,
                     created_by, created_at, changed_by, changed_at)
VALUES (:id, :name, :owner, :target, :patterns, :start_minute, :end_minute, :days,
        :zone, :calendar, :mutes, :spare_critical, :enabled, :baseline,
        :created_by, :created_at, :changed_by, :changed_at);

-- name: window_update!
-- What a window says now; its baseline stays.
UPDATE windows
   SET patterns = :patterns, start_minute = :start_minute, end_minute = :end_minute,
       days = :days, zone = :zone, calendar = :calendar, mutes = :mutes,
       spare_critical = :spare_critical, enabled = :enabled,
       changed_by = :changed_by, changed_at = :changed_at
 WHERE id = :id;

-- name: window_rebase!
-- What the YAML says now; what chat changed stays.
UPDATE windows SET baseline = :baseline WHERE id = :id;

-- name: window_delete!
-- Take a window away.
DELETE FROM windows WHERE id = :id;
