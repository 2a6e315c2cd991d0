-- What the agent of a session offers, as it told last: JSON. Clients ask for it when no agent runs.
CREATE TABLE capabilities (
  session_id TEXT PRIMARY KEY,
  offered TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX capabilities_by_time ON capabilities (at);
