-- Whom our cards could only call by an id. Such an acquaintance has no name, and
-- changed_at is when Lark was last asked for one: 0 is never.
CREATE INDEX acquaintances_strangers ON acquaintances (changed_at) WHERE name = '';
