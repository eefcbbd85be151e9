-- name: people_named
-- The YAML's people among these, by name or open_id.
SELECT name, open_id, email, phone, verified FROM people
 WHERE name IN (SELECT value FROM json_each(:names))
    OR open_id IN (SELECT value FROM json_each(:names))
 ORDER BY name;

-- name: contacts_of
-- What chat knows of the addresses of these people, the newest first.
SELECT person, kind, address, own, verified_at, verified_how FROM contacts
 WHERE person IN (SELECT value FROM json_each(:people))
 ORDER BY coalesce(verified_at, added_at) DESC, address;

-- name: add_contact!
-- An address that was given in the chat, not proved yet.
INSERT INTO contacts (person, kind, address, own, added_by, added_at)
VALUES (:person, :kind, :address, 1, :added_by, :now)
ON CONFLICT (person, kind, address) DO UPDATE SET own = 1;

-- name: prove_contact!
-- An address is proved, whether it was given in the chat or stands in the YAML.
INSERT INTO contacts (person, kind, address, own, verified_at, verified_how, added_by,
                      added_at)
VALUES (:person, :kind, :address, :own, :now, :how, :added_by, :now)
ON CONFLICT (person, kind, address) DO UPDATE
   SET verified_at = excluded.verified_at, verified_how = excluded.verified_how;

-- name: forget_other_contacts!
-- The address that was proved last stands in the place of those given before.
DELETE FROM contacts
 WHERE person = :person AND kind = :kind AND own = 1 AND address <> :address;

-- name: forget_pending_contacts!
-- What was given before, and never proved.
DELETE FROM contacts
 WHERE person = :person AND kind = :kind AND own = 1 AND verified_at IS NULL;

-- name: forget_told_contacts!
-- Before what Lark tells is written anew.
DELETE FROM contacts
 WHERE person = :person AND kind = :kind AND verified_how = 'lark';

-- name: forget_contacts!
-- All addresses of one kind that chat knows of somebody.
DELETE FROM contacts WHERE person = :person AND kind = :kind;

-- name: outsider_insert$
-- Somebody without a Lark account; the number.
INSERT INTO outsiders (owner, kind, address, added_by, added_at)
VALUES (:owner, :kind, :address, :added_by, :now)
RETURNING id;

-- name: outsider_known$
-- The number of somebody that this chat or person named before.
SELECT id FROM outsiders
 WHERE owner = :owner AND kind = :kind AND address = :address;

-- name: outsiders_owned
-- Whom this chat or person named.
SELECT id, owner, kind, address FROM outsiders WHERE owner = :owner ORDER BY id;

-- name: outsiders_all
-- All people without a Lark account, for admins.
SELECT id, owner, kind, address FROM outsiders ORDER BY id;

-- name: outsiders_among
-- Those of these numbers that there are.
SELECT id, owner, kind, address FROM outsiders
 WHERE id IN (SELECT value FROM json_each(:numbers)) ORDER BY id;

-- name: put_acquaintance!
-- What a Lark user is called.
INSERT INTO acquaintances (open_id, name, changed_at) VALUES (:open_id, :name, :now)
ON CONFLICT (open_id) DO UPDATE
   SET name = excluded.name, changed_at = excluded.changed_at;

-- name: acquaintances_among
-- What these Lark users are called; a name is empty where we do not know it yet.
SELECT open_id, name FROM acquaintances
 WHERE open_id IN (SELECT value FROM json_each(:people)) ORDER BY open_id;

-- name: put_stranger!
-- Somebody whom we know by the id alone.
INSERT INTO acquaintances (open_id, name, changed_at) VALUES (:open_id, '', 0)
ON CONFLICT (open_id) DO NOTHING;

-- name: strangers
-- Whose name Lark was never asked for, or not lately.
SELECT open_id FROM acquaintances
 WHERE name = '' AND changed_at <= :before ORDER BY changed_at, open_id LIMIT :most;

-- name: stay_stranger!
-- Lark told no name.
UPDATE acquaintances SET changed_at = :now WHERE open_id = :open_id AND name = '';

-- name: acquaintances_of
-- What the Lark users are called whom the rules of this owner name: person:ou_…
SELECT DISTINCT a.open_id, a.name
  FROM subscriptions AS s
  JOIN subscription_targets AS t ON t.subscription = s.id
  JOIN acquaintances AS a ON a.open_id = substr(t.target, 8)
 WHERE s.owner = :owner AND a.name <> ''
 ORDER BY a.open_id;

-- name: acquaintances_all
-- What all Lark users are called that we know.
SELECT open_id, name FROM acquaintances WHERE name <> '' ORDER BY open_id;
