-- Digests by the clock: what comes of some types waits for the next of these times.
-- times are minutes after midnight, as JSON.
CREATE TABLE schedules (
  id             $identity,
  name           TEXT NOT NULL,
  owner          TEXT NOT NULL,
  target         TEXT NOT NULL,
  patterns       TEXT NOT NULL,
  times          TEXT NOT NULL,
  days           TEXT NOT NULL,
  zone           TEXT NOT NULL,
  calendar       TEXT NOT NULL,
  collects       TEXT NOT NULL,
  spare_critical BIGINT NOT NULL DEFAULT 1,
  enabled        BIGINT NOT NULL DEFAULT 1,
  baseline       TEXT,
  created_by     TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  changed_by     TEXT,
  changed_at     BIGINT
);
CREATE UNIQUE INDEX schedules_by_name ON schedules (owner, target, name);
CREATE INDEX schedules_of ON schedules (target);

-- What is held expires 7 days after it was accepted, or later, at stale_at: a digest that
-- comes once a week must find what it collected.
ALTER TABLE outbox ADD COLUMN stale_at BIGINT NOT NULL DEFAULT 0;
