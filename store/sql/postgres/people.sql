-- name: people_named
-- The YAML's people among these, by name or open_id.
SELECT name, open_id, email, phone, verified FROM people
 WHERE name IN (SELECT value FROM jsonb_array_elements_text(:names::jsonb))
    OR open_id IN (SELECT value FROM jsonb_array_elements_text(:names::jsonb))
 ORDER BY name;

-- name: contacts_of
-- What chat knows of the addresses of these people, the newest first.
SELECT person, kind, address, own, verified_at, verified_how FROM contacts
 WHERE person IN (SELECT value FROM jsonb_array_elements_text(:people::jsonb))
 ORDER BY coalesce(verified_at, added_at) DESC, address;

-- name: outsiders_among
-- Those of these numbers that there are.
SELECT id, owner, kind, address FROM outsiders
 WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(:numbers::jsonb))
 ORDER BY id;

-- name: acquaintances_among
-- What these Lark users are called; a name is empty where we do not know it yet.
SELECT open_id, name FROM acquaintances
 WHERE open_id IN (SELECT value FROM jsonb_array_elements_text(:people::jsonb))
 ORDER BY open_id;
