-- name: subscription_get^
-- One rule.
SELECT * FROM subscriptions WHERE id = :id;

-- name: subscriptions_to
-- The rules that name one destination, as /sub lists them.
SELECT s.*
  FROM subscriptions AS s
  JOIN subscription_targets AS t ON t.subscription = s.id
 WHERE t.target = :target
 ORDER BY s.id;

-- name: subscriptions_owned
-- The rules of one owner: of the YAML, of a chat, of a person.
SELECT * FROM subscriptions WHERE owner = :owner ORDER BY id;

-- name: subscription_named^
-- Who has this name with this owner.
SELECT * FROM subscriptions WHERE owner = :owner AND name = :name;

-- name: subscription_insert$
-- A new rule; its number.
INSERT INTO subscriptions (name, owner, patterns, filter, targets, via, enabled,
                           baseline, created_by, created_at, changed_by, changed_at)
VALUES (:name, :owner, :patterns, :filter, :targets, :via, :enabled,
        :baseline, :created_by, :created_at, :changed_by, :changed_at)
RETURNING id;

-- name: subscription_restore!
-- A rule that was removed, under the number it had.
INSERT INTO subscriptions (id, name, owner, patterns, filter, targets, via, enabled,
                           baseline, created_by, created_at, changed_by, changed_at)
VALUES (:id, :name, :owner, :patterns, :filter, :targets, :via, :enabled,
        :baseline, :created_by, :created_at, :changed_by, :changed_at);

-- name: subscription_update!
-- What a rule says now; its baseline stays.
UPDATE subscriptions
   SET patterns = :patterns, filter = :filter, targets = :targets, via = :via,
       enabled = :enabled, changed_by = :changed_by, changed_at = :changed_at
 WHERE id = :id;

-- name: subscription_rebase!
-- What the YAML says now; what chat changed stays.
UPDATE subscriptions SET baseline = :baseline WHERE id = :id;

-- name: subscription_delete!
-- Take a rule away, and with it its places in both indexes.
DELETE FROM subscriptions WHERE id = :id;

-- name: subscription_index_pattern*!
-- One pattern of a rule, for matching.
INSERT INTO subscription_patterns (pattern, subscription)
VALUES (:pattern, :subscription);

-- name: subscription_index_target*!
-- One destination of a rule, for listing.
INSERT INTO subscription_targets (target, subscription)
VALUES (:target, :subscription);

-- name: subscription_unindex_patterns!
-- Before a rule's patterns are written anew.
DELETE FROM subscription_patterns WHERE subscription = :subscription;

-- name: subscription_unindex_targets!
-- Before a rule's destinations are written anew.
DELETE FROM subscription_targets WHERE subscription = :subscription;
