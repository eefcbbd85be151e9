-- name: paths_of
-- How each delivery of one message went, beside its state.
SELECT outbox.id, outbox.not_before, outbox.first_attempt_at, outbox.uncertain,
       outbox.digest, told.state AS told, told.changed_at AS told_at,
       (SELECT count(*) FROM outbox AS member
         WHERE member.digest = outbox.digest) AS members,
       holds.author, holds.created_at AS held_since,
       lanes.parked, lanes.parked_words, lanes.parked_until,
       coalesce(lanes.paused, 0) AS paused
  FROM outbox LEFT JOIN holds ON holds.id = outbox.hold
              LEFT JOIN lanes ON lanes.id = outbox.lane
              LEFT JOIN outbox AS told ON told.id = outbox.digest
 WHERE outbox.notification = :number AND outbox.kind = 'delivery'
 ORDER BY outbox.id;

-- name: subscription_changed_at$
-- When a rule was made, or changed last.
SELECT coalesce(changed_at, created_at) FROM subscriptions WHERE id = :id;

-- name: window_changed_at$
-- When a window was made, or changed last.
SELECT coalesce(changed_at, created_at) FROM windows WHERE id = :id;

-- name: digest_changed_at$
-- When a digest by the clock was made, or changed last.
SELECT coalesce(changed_at, created_at) FROM schedules WHERE id = :id;

-- name: robot_changed_at$
-- When a robot was made, or changed last.
SELECT coalesce(changed_at, created_at) FROM robots WHERE id = :id;

-- name: mute_changed_at$
-- When a mute was made, or changed last.
SELECT created_at FROM mutes WHERE id = :id;
