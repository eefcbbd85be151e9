-- name: inbox_page
-- What was routed to one destination, newest first, from one message down; with
-- whether this person has read it.
SELECT n.id AS number, n.source, n.type, n.severity, n.status, n.title, n.fingerprint,
       n.content, n.accepted_at,
       (n.id <= :upto OR EXISTS (
          SELECT 1 FROM inbox_reads AS r
           WHERE r.person = :person AND r.notification = n.id)) AS was_read
  FROM outbox AS o JOIN notifications AS n ON n.id = o.notification
 WHERE o.destination = :destination AND o.channel = 'inbox' AND o.kind = 'delivery'
   AND o.created_at <= :latest AND o.created_at >= :earliest AND n.id < :below
 ORDER BY o.created_at DESC, o.id DESC
 LIMIT :limit;

-- name: inbox_unrouted
-- What nobody subscribed to, newest first, from one message down.
SELECT n.id AS number, n.source, n.type, n.severity, n.status, n.title, n.fingerprint,
       n.content, n.accepted_at,
       (n.id <= :upto OR EXISTS (
          SELECT 1 FROM inbox_reads AS r
           WHERE r.person = :person AND r.notification = n.id)) AS was_read
  FROM notifications AS n
 WHERE n.routing = 'unrouted' AND n.id < :below
   AND n.accepted_at <= :latest AND n.accepted_at >= :earliest
 ORDER BY n.id DESC
 LIMIT :limit;

-- name: inbox_holds$
-- Whether a message was routed to a destination.
SELECT 1 FROM outbox
 WHERE notification = :number AND destination = :destination AND channel = 'inbox'
   AND kind = 'delivery';

-- name: inbox_newest$
-- The newest message that there is: what "read all" reaches up to.
SELECT max(id) FROM notifications;

-- name: inbox_read*!
-- A person has read these.
INSERT INTO inbox_reads (person, notification) VALUES (:person, :number)
ON CONFLICT (person, notification) DO NOTHING;

-- name: inbox_mark!
-- A person has read everything in an inbox up to a message.
INSERT INTO inbox_marks (person, inbox, upto) VALUES (:person, :inbox, :upto)
ON CONFLICT (person, inbox) DO UPDATE SET upto = excluded.upto;

-- name: inbox_marked$
-- Up to which message a person has read everything in an inbox.
SELECT upto FROM inbox_marks WHERE person = :person AND inbox = :inbox;
