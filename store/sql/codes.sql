-- name: code_insert$
-- A code is on its way; its number.
INSERT INTO contact_codes (person, kind, address, own, salt, hash, asked_by, asked_at,
                           until)
VALUES (:person, :kind, :address, :own, :salt, :hash, :asked_by, :now, :until)
RETURNING id;

-- name: end_codes!
-- A newer code stands in the place of those sent before, or one was entered.
UPDATE contact_codes SET ended_at = :now
 WHERE person = :person AND kind = :kind AND ended_at IS NULL;

-- name: open_codes
-- The codes that somebody may enter now.
SELECT id, person, kind, address, own, salt, hash, asked_by, tries FROM contact_codes
 WHERE person = :person AND ended_at IS NULL AND until > :now
 ORDER BY id;

-- name: count_try!
-- One more wrong guess.
UPDATE contact_codes SET tries = tries + 1 WHERE id = :id;

-- name: codes_by$
-- How many codes somebody asked for since a moment.
SELECT count(*) FROM contact_codes WHERE asked_by = :asked_by AND asked_at > :since;

-- name: codes_to$
-- How many codes went to an address since a moment, whoever asked.
SELECT count(*) FROM contact_codes WHERE address = :address AND asked_at > :since;

-- name: last_code$
-- When the last code was sent to an address for this person.
SELECT max(asked_at) FROM contact_codes WHERE person = :person AND address = :address;

-- name: prune_codes!
-- Nobody counts these any more.
DELETE FROM contact_codes WHERE asked_at < :before;
