-- Prompts that wait until the agent has done what it is at; `prompt` is JSON.
CREATE TABLE queued_prompts (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  prompt TEXT NOT NULL,
  UNIQUE (session_id, prompt_id)
);
