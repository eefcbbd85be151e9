-- The first schema. Times are integer milliseconds since 1970 (UTC); JSON is text;
-- $identity is the engine's own spelling of a number that is never given out twice.

-- Facts about this database itself: its instance id, and which YAML was applied.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Everything that was accepted. Immutable but for routing, and the key, which is
-- forgotten when its time is over.
CREATE TABLE notifications (
  id          $identity,
  source      TEXT NOT NULL,
  type        TEXT NOT NULL,
  severity    BIGINT NOT NULL,
  status      TEXT,
  title       TEXT NOT NULL,
  fingerprint TEXT,
  content     TEXT NOT NULL,
  key         TEXT,
  key_until   BIGINT,
  accepted_at BIGINT NOT NULL,
  routing     TEXT NOT NULL DEFAULT 'waiting'
    CHECK (routing IN ('waiting', 'routed', 'unrouted'))
);
CREATE UNIQUE INDEX notifications_by_key ON notifications (source, key)
  WHERE key IS NOT NULL;
CREATE INDEX notifications_waiting ON notifications (id) WHERE routing = 'waiting';
CREATE INDEX notifications_by_fingerprint ON notifications (source, fingerprint, id)
  WHERE fingerprint IS NOT NULL AND routing <> 'waiting';

-- Rules: what goes where. baseline is the rule as the YAML has it (null when chat made
-- it); changed_by is set while chat overrides it.
CREATE TABLE subscriptions (
  id         $identity,
  name       TEXT NOT NULL,
  owner      TEXT NOT NULL,
  patterns   TEXT NOT NULL,
  filter     TEXT NOT NULL DEFAULT '',
  targets    TEXT NOT NULL,
  via        TEXT,
  enabled    BIGINT NOT NULL DEFAULT 1,
  baseline   TEXT,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_by TEXT,
  changed_at BIGINT
);
CREATE UNIQUE INDEX subscriptions_by_name ON subscriptions (owner, name);

-- The index by which subscriptions are matched: one row a pattern.
CREATE TABLE subscription_patterns (
  pattern      TEXT NOT NULL,
  subscription BIGINT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
  PRIMARY KEY (pattern, subscription)
);
CREATE INDEX subscription_patterns_of ON subscription_patterns (subscription);

-- …and the index by which the rules of one destination are listed.
CREATE TABLE subscription_targets (
  target       TEXT NOT NULL,
  subscription BIGINT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
  PRIMARY KEY (target, subscription)
);
CREATE INDEX subscription_targets_of ON subscription_targets (subscription);

-- DND windows. start_minute and end_minute are both null for the whole day.
CREATE TABLE windows (
  id             $identity,
  name           TEXT NOT NULL,
  owner          TEXT NOT NULL,
  target         TEXT NOT NULL,
  patterns       TEXT NOT NULL,
  start_minute   BIGINT,
  end_minute     BIGINT,
  days           TEXT NOT NULL,
  zone           TEXT NOT NULL,
  calendar       TEXT NOT NULL,
  mutes          TEXT NOT NULL,
  spare_critical BIGINT NOT NULL DEFAULT 1,
  enabled        BIGINT NOT NULL DEFAULT 1,
  baseline       TEXT,
  created_by     TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  changed_by     TEXT,
  changed_at     BIGINT
);
CREATE UNIQUE INDEX windows_by_name ON windows (owner, target, name);
CREATE INDEX windows_of ON windows (target);

-- One-off silences.
CREATE TABLE mutes (
  id             $identity,
  target         TEXT NOT NULL,
  filter         TEXT NOT NULL DEFAULT '',
  until          BIGINT NOT NULL,
  mutes          TEXT NOT NULL,
  spare_critical BIGINT NOT NULL DEFAULT 1,
  reason         TEXT NOT NULL DEFAULT '',
  created_by     TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  ended_at       BIGINT
);
CREATE INDEX mutes_of ON mutes (target, until);

-- Every change: who, where, what was, what is. undone_at closes it for /undo.
CREATE TABLE audit (
  id        $identity,
  at        BIGINT NOT NULL,
  actor     TEXT NOT NULL,
  place     TEXT NOT NULL,
  command   TEXT NOT NULL,
  subject   TEXT NOT NULL,
  was       TEXT,
  became    TEXT,
  undone_at BIGINT
);
CREATE INDEX audit_at ON audit (place, at);

-- Messages and events that were heard already: Lark delivers at least once.
CREATE TABLE heard (
  id    TEXT PRIMARY KEY,
  until BIGINT NOT NULL
);
CREATE INDEX heard_until ON heard (until);

-- Lark groups and direct chats that we know; alias is the name in the YAML. managers
-- are its owner and managers as Lark said at asked_at; null until it did.
CREATE TABLE chats (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL DEFAULT 'group',
  name       TEXT NOT NULL DEFAULT '',
  alias      TEXT,
  person     TEXT,
  state      TEXT NOT NULL DEFAULT 'present',
  managers   TEXT,
  asked_at   BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT NOT NULL
);

-- People of the YAML. open_id, email and phone where they are known.
CREATE TABLE people (
  name     TEXT PRIMARY KEY,
  open_id  TEXT,
  email    TEXT,
  phone    TEXT,
  verified TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX people_by_open_id ON people (open_id);

-- Named groups of people.
CREATE TABLE groups_of_people (
  name    TEXT PRIMARY KEY,
  members TEXT NOT NULL
);

-- Custom bots. webhook and secret are Fernet tokens; chat is the group they post in.
CREATE TABLE robots (
  name        TEXT PRIMARY KEY,
  platform    TEXT NOT NULL DEFAULT 'lark',
  webhook     TEXT NOT NULL,
  secret      TEXT,
  chat        TEXT,
  keyword     TEXT,
  mention_all BIGINT NOT NULL DEFAULT 0,
  owner       TEXT NOT NULL DEFAULT 'yaml',
  changed_at  BIGINT NOT NULL
);

-- A lane is a destination and a channel: it holds the lease, the pace, the parking.
-- due_at is when its next message or hold is due; null when nothing waits.
CREATE TABLE lanes (
  id           TEXT PRIMARY KEY,
  destination  TEXT NOT NULL,
  channel      TEXT NOT NULL,
  due_at       BIGINT,
  rank         BIGINT NOT NULL DEFAULT 2,
  pace_until   BIGINT NOT NULL DEFAULT 0,
  worker       TEXT,
  lease_until  BIGINT NOT NULL DEFAULT 0,
  parked       BIGINT,
  parked_words TEXT NOT NULL DEFAULT '',
  parked_until BIGINT
);
CREATE INDEX lanes_due ON lanes (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lanes_of ON lanes (destination);

-- What one window or mute keeps for one lane; its deliveries point here.
CREATE TABLE holds (
  id         $identity,
  lane       TEXT NOT NULL REFERENCES lanes (id),
  cause      TEXT NOT NULL,
  words      TEXT NOT NULL,
  author     TEXT NOT NULL DEFAULT '',
  until      BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX holds_by_cause ON holds (lane, cause);
CREATE INDEX holds_until ON holds (lane, until);

-- Everything to be sent. Rows of kind 'delivery' are the ledger. rank: 0 replies,
-- 1 criticals, 2 the rest. payload is frozen before the first attempt; uncertain says
-- that an attempt went out whose answer nobody saw.
CREATE TABLE outbox (
  id               $identity,
  kind             TEXT NOT NULL
    CHECK (kind IN ('delivery', 'reply', 'digest', 'notice')),
  lane             TEXT NOT NULL,
  destination      TEXT NOT NULL,
  channel          TEXT NOT NULL,
  notification     BIGINT REFERENCES notifications (id) ON DELETE CASCADE,
  rank             BIGINT NOT NULL DEFAULT 2,
  state            TEXT NOT NULL
    CHECK (state IN ('queued', 'sending', 'held', 'delivered', 'digested', 'muted',
                     'superseded', 'expired', 'undeliverable', 'dead')),
  reason           TEXT NOT NULL DEFAULT '',
  rule             TEXT NOT NULL DEFAULT '',
  not_before       BIGINT NOT NULL,
  hold             BIGINT,
  digest           BIGINT,
  payload          TEXT,
  address          TEXT NOT NULL DEFAULT '',
  remote           TEXT,
  attempts         BIGINT NOT NULL DEFAULT 0,
  first_attempt_at BIGINT,
  uncertain        BIGINT NOT NULL DEFAULT 0,
  created_at       BIGINT NOT NULL,
  changed_at       BIGINT NOT NULL
);
-- SQLite takes a partial index only for statements that repeat its condition.
CREATE INDEX outbox_next ON outbox (lane, rank, (attempts > 0), id)
  WHERE state = 'queued' AND digest IS NULL;
CREATE INDEX outbox_sending ON outbox (lane) WHERE state = 'sending';
CREATE INDEX outbox_held ON outbox (hold) WHERE state = 'held';
CREATE INDEX outbox_members ON outbox (digest) WHERE digest IS NOT NULL;
CREATE INDEX outbox_of ON outbox (notification) WHERE notification IS NOT NULL;
CREATE INDEX outbox_to ON outbox (destination, created_at);
CREATE INDEX outbox_remote ON outbox (remote) WHERE remote IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_open ON outbox (state)
  WHERE state IN ('queued', 'sending', 'held');
