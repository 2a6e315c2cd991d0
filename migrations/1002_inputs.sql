-- Starts of sessions that have not shown life yet; `at` is Unix milliseconds, as in the tables below.
CREATE TABLE pending_starts (
  session_id TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- Events that were applied, so that a second delivery changes nothing.
CREATE TABLE hook_events (
  session_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (session_id, event_id)
) WITHOUT ROWID;

-- How far each transcript is read.
CREATE TABLE transcript_cursors (
  session_id TEXT NOT NULL,
  path TEXT NOT NULL,
  byte_offset INTEGER NOT NULL,
  identity TEXT NOT NULL,
  PRIMARY KEY (session_id, path)
) WITHOUT ROWID;
