-- Parts of long transcripts that are read after their newest part. The rows of the bytes from `byte_offset` to `byte_end` go
-- to the sequences from `next_sequence` on, one for each byte at most.
CREATE TABLE transcript_gaps (
  session_id TEXT NOT NULL,
  path TEXT NOT NULL,
  byte_end INTEGER NOT NULL,
  byte_offset INTEGER NOT NULL,
  next_sequence INTEGER NOT NULL,
  identity TEXT NOT NULL,
  PRIMARY KEY (session_id, path, byte_end)
) WITHOUT ROWID;
