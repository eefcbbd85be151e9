-- What people chose for themselves or their group, what waits for their yes, and what
-- was asked that needs the network.

-- subject is person:ou_… or chat:oc_…; name is lang or tz.
CREATE TABLE preferences (
  subject    TEXT NOT NULL,
  name       TEXT NOT NULL,
  value      TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (subject, name)
);

-- A line that runs when the person who typed it says yes, once. line is sealed: it may
-- hold what nobody else should read.
CREATE TABLE confirmations (
  token   TEXT PRIMARY KEY,
  person  TEXT NOT NULL,
  chat    TEXT NOT NULL,
  line    TEXT NOT NULL,
  until   BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX confirmations_until ON confirmations (until);

-- What a command asked for that needs the network: done beside the requests, and
-- answered by a later message. details are sealed; asked says who asked, and where.
CREATE TABLE tasks (
  id          $identity,
  kind        TEXT NOT NULL,
  details     TEXT NOT NULL,
  asked       TEXT NOT NULL,
  due_at      BIGINT NOT NULL,
  attempts    BIGINT NOT NULL DEFAULT 0,
  worker      TEXT,
  lease_until BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL
);
CREATE INDEX tasks_due ON tasks (due_at);
