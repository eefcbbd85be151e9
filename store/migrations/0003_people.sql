-- Who is reached how. The YAML's people stay in people; here is what chat knows.

-- People without a Lark account, known by one address, and only to the chat or person
-- that named them: no group learns what another one has. P12 is the number 12.
CREATE TABLE outsiders (
  id       $identity,
  owner    TEXT NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
  address  TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX outsiders_by_address ON outsiders (owner, kind, address);

-- What Lark users are called, as Lark told us when they were named.
CREATE TABLE acquaintances (
  open_id    TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- Addresses of people: person is what stands behind person: in a destination. own says
-- that it was given in the chat; else the row only says that the YAML's address, or the
-- one that Lark told, is proved. verified_at is null until it is.
CREATE TABLE contacts (
  person       TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
  address      TEXT NOT NULL,
  own          BIGINT NOT NULL DEFAULT 1,
  verified_at  BIGINT,
  verified_how TEXT NOT NULL DEFAULT '',
  added_by     TEXT NOT NULL,
  added_at     BIGINT NOT NULL,
  PRIMARY KEY (person, kind, address)
);

-- Codes that were sent to an address. The code itself is nowhere: hash is keyed with
-- salt, a Fernet token. Rows stay for a day after, so that codes can be counted.
CREATE TABLE contact_codes (
  id       $identity,
  person   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  address  TEXT NOT NULL,
  own      BIGINT NOT NULL,
  salt     TEXT NOT NULL,
  hash     TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  until    BIGINT NOT NULL,
  tries    BIGINT NOT NULL DEFAULT 0,
  ended_at BIGINT
);
CREATE INDEX contact_codes_of ON contact_codes (person);
CREATE INDEX contact_codes_to ON contact_codes (address, asked_at);
CREATE INDEX contact_codes_by ON contact_codes (asked_by, asked_at);
