-- Which tools a session that the server drives may use without asking, and which not at all: JSON lists, as it was created.
CREATE TABLE tool_lists (
  session_id TEXT PRIMARY KEY,
  allowed TEXT NOT NULL,
  disallowed TEXT NOT NULL
) WITHOUT ROWID;
