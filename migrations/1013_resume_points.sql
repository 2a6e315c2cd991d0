-- Where a conversation with an agent goes on that was forked, or of which turns were taken back.
CREATE TABLE resume_points (
  session_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  path TEXT,
  entry TEXT
) WITHOUT ROWID;
