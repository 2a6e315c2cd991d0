-- What clients were shown of a subagent, for the time when its agent has deleted the files: the frame that answered, and
-- whether the subagent was over by then.
CREATE TABLE subagent_archive (
  session_id TEXT NOT NULL,
  subagent_id TEXT NOT NULL,
  frame_type TEXT NOT NULL,
  frame TEXT NOT NULL,
  complete INTEGER NOT NULL,
  PRIMARY KEY (session_id, subagent_id, frame_type)
);
