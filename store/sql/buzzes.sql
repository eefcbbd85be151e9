-- name: shown_by_app^
-- The direct message that shows one notification to one person, by itself or in a digest.
SELECT own.state, own.reason, coalesce(own.remote, told.remote) AS remote
  FROM outbox AS own LEFT JOIN outbox AS told ON told.id = own.digest
 WHERE own.notification = :number AND own.destination = :destination
   AND own.channel = 'dm'
 ORDER BY own.id DESC LIMIT 1;

-- name: buzzed_on$
-- The message that another buzz about the same notification is made on.
SELECT address FROM outbox
 WHERE notification = :number AND destination = :destination AND id <> :id
   AND channel IN ('sms', 'voice') AND address <> ''
 ORDER BY id DESC LIMIT 1;

-- name: made_for_a_buzz^
-- What became of a message that was posted to be buzzed on.
SELECT state, reason, remote FROM outbox WHERE id = :id;

-- name: aim!
-- Say on which message it is a buzz.
UPDATE outbox SET address = :address WHERE id = :id AND state = 'queued';

-- name: put_off!
-- Not yet, and no attempt: what it needs is not there.
UPDATE outbox SET not_before = :not_before, reason = :reason, changed_at = :now
 WHERE id = :id AND state = 'queued';
