-- When people were told that a mute is over; null until they were.
ALTER TABLE mutes ADD COLUMN told_at BIGINT;
CREATE INDEX mutes_over ON mutes (until) WHERE told_at IS NULL AND ended_at IS NULL;
