-- Set to `transcript` while no hooks tell of the session.
ALTER TABLE sessions ADD COLUMN observed TEXT;

-- Processes that hold sessions, so that those that died while nobody looked are noticed. `started` is how the system tells
-- its start, NULL for a process that another process table holds.
CREATE TABLE session_processes (
  session_id TEXT NOT NULL,
  pid INTEGER NOT NULL,
  started TEXT,
  host_id TEXT NOT NULL,
  PRIMARY KEY (session_id, pid)
) WITHOUT ROWID;
