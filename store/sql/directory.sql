-- name: put_person!
-- A person of the YAML.
INSERT INTO people (name, open_id, email, phone, verified)
VALUES (:name, :open_id, :email, :phone, :verified)
ON CONFLICT (name) DO UPDATE
   SET open_id = excluded.open_id, email = excluded.email, phone = excluded.phone,
       verified = excluded.verified;

-- name: people_all
-- Every person of the YAML.
SELECT name, open_id, email, phone, verified FROM people ORDER BY name;

-- name: forget_people!
-- Before the YAML's people are written again.
DELETE FROM people;

-- name: put_group!
-- A group of people of the YAML.
INSERT INTO groups_of_people (name, members) VALUES (:name, :members)
ON CONFLICT (name) DO UPDATE SET members = excluded.members;

-- name: groups_all
-- Every group of people.
SELECT name, members FROM groups_of_people ORDER BY name;

-- name: forget_groups!
-- Before the YAML's groups are written again.
DELETE FROM groups_of_people;

-- name: put_chat!
-- A chat that we heard of; what is not known now keeps what was known.
INSERT INTO chats (id, kind, name, alias, person, state, changed_at)
VALUES (:id, :kind, :name, :alias, :person, :state, :now)
ON CONFLICT (id) DO UPDATE
   SET kind = excluded.kind,
       name = CASE WHEN excluded.name = '' THEN chats.name ELSE excluded.name END,
       alias = coalesce(excluded.alias, chats.alias),
       person = coalesce(excluded.person, chats.person),
       state = excluded.state, changed_at = excluded.changed_at;

-- name: chat_managers^
-- Who manages a chat, and when Lark said so.
SELECT managers, asked_at FROM chats WHERE id = :id;

-- name: put_managers!
-- What Lark says of a chat: who manages it, and what it is called.
UPDATE chats SET managers = :managers, asked_at = :now,
       name = CASE WHEN :name = '' THEN name ELSE :name END
 WHERE id = :id;

-- name: doubt_managers!
-- The chat has changed: ask again.
UPDATE chats SET asked_at = 0 WHERE id = :id;

-- name: forget_aliases!
-- Before the YAML's names for chats are written again.
UPDATE chats SET alias = NULL WHERE alias IS NOT NULL;

-- name: chats_all
-- Every chat that we know.
SELECT id, kind, name, alias, person, state FROM chats ORDER BY id;

-- name: direct_chat$
-- The direct chat with a person.
SELECT id FROM chats WHERE kind = 'p2p' AND person = :person
 ORDER BY changed_at DESC LIMIT 1;

-- name: chat_get^
-- One chat.
SELECT id, kind, name, alias, person, state FROM chats WHERE id = :id;

-- name: hear!
-- Remember that this message or event was heard; nothing is touched the second time.
INSERT INTO heard (id, until) VALUES (:id, :until) ON CONFLICT (id) DO NOTHING;

-- name: forget_heard!
-- Lark does not deliver these again any more.
DELETE FROM heard WHERE until < :now;
