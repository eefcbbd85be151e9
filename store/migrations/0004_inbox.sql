-- What each person has read. Marks are a person's own, in whichever inbox they read.

CREATE TABLE inbox_reads (
  person       TEXT NOT NULL,
  notification BIGINT NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
  PRIMARY KEY (person, notification)
);
CREATE INDEX inbox_reads_of ON inbox_reads (notification);

-- "read all": everything in this inbox up to a number.
CREATE TABLE inbox_marks (
  person TEXT NOT NULL,
  inbox  TEXT NOT NULL,
  upto   BIGINT NOT NULL,
  PRIMARY KEY (person, inbox)
);
