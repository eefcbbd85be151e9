-- name: release_holds!
-- Turn the hold rows of these destinations; their members are decided again as sent.
UPDATE holds SET until = :now
 WHERE until > :now
   AND lane IN (SELECT lanes.id FROM lanes
                 WHERE destination IN (
                   SELECT value FROM jsonb_array_elements_text(:targets::jsonb)));

-- name: held_by
-- What is held for these destinations, by rule.
SELECT holds.cause, holds.words, holds.until, count(outbox.id) AS count
  FROM holds JOIN outbox ON outbox.hold = holds.id AND outbox.state = 'held'
 WHERE holds.lane IN (SELECT lanes.id FROM lanes
                       WHERE destination IN (
                         SELECT value FROM jsonb_array_elements_text(:targets::jsonb)))
 GROUP BY holds.cause, holds.words, holds.until ORDER BY holds.until;
