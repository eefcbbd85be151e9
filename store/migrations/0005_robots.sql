-- Robots that people add and set in chat; what each is set to, apart from what it posts
-- with; how often each posted, and how that went.

ALTER TABLE robots RENAME TO robots_before;

-- Custom bots. chat is the group that they post in, hook the number of what they post
-- with. baseline is what the YAML sets (null when chat made it); changed_by is set while
-- chat overrides that. draft_until: given in a direct chat, and waiting for its group.
-- removed_at: gone, but for what happened to it, so that no other group gets its name.
CREATE TABLE robots (
  id           $identity,
  name         TEXT NOT NULL,
  platform     TEXT NOT NULL DEFAULT 'lark',
  chat         TEXT,
  hook         BIGINT NOT NULL DEFAULT 0,
  keyword      TEXT,
  mention_all  BIGINT NOT NULL DEFAULT 0,
  allow        TEXT NOT NULL DEFAULT '[]',
  deny         TEXT NOT NULL DEFAULT '[]',
  per_hour     BIGINT,
  paused       BIGINT NOT NULL DEFAULT 0,
  owner        TEXT NOT NULL DEFAULT 'yaml',
  baseline     TEXT,
  created_by   TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  changed_by   TEXT,
  changed_at   BIGINT,
  draft_until  BIGINT,
  removed_at   BIGINT,
  worked_at    BIGINT,
  failed_at    BIGINT,
  failed_words TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX robots_by_name ON robots (name)
  WHERE removed_at IS NULL AND draft_until IS NULL;
CREATE UNIQUE INDEX robots_drafted ON robots (owner, name)
  WHERE removed_at IS NULL AND draft_until IS NOT NULL;
CREATE INDEX robots_removed ON robots (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX robots_of_chat ON robots (chat);

-- What a robot posts with: both are Fernet tokens. retired_at: used no more, and kept
-- until the change cannot be undone any more.
CREATE TABLE robot_hooks (
  id         $identity,
  robot      BIGINT NOT NULL,
  webhook    TEXT NOT NULL,
  secret     TEXT,
  made_at    BIGINT NOT NULL,
  retired_at BIGINT
);
CREATE INDEX robot_hooks_of ON robot_hooks (robot);
CREATE INDEX robot_hooks_retired ON robot_hooks (retired_at)
  WHERE retired_at IS NOT NULL;

-- What each robot posted within the last hour, for its cap.
CREATE TABLE robot_posts (
  lane     TEXT NOT NULL,
  at       BIGINT NOT NULL,
  critical BIGINT NOT NULL
);
CREATE INDEX robot_posts_of ON robot_posts (lane, at);

INSERT INTO robots (name, platform, chat, keyword, mention_all, owner, created_by,
                    created_at)
SELECT name, platform, chat, keyword, mention_all, owner, owner, changed_at
  FROM robots_before;
INSERT INTO robot_hooks (robot, webhook, secret, made_at)
SELECT robots.id, was.webhook, was.secret, was.changed_at
  FROM robots_before AS was JOIN robots ON robots.name = was.name;
UPDATE robots
   SET hook = (SELECT id FROM robot_hooks WHERE robot_hooks.robot = robots.id);
DROP TABLE robots_before;

-- Somebody paused this lane: what is queued in it waits until it is resumed.
ALTER TABLE lanes ADD COLUMN paused BIGINT NOT NULL DEFAULT 0;
