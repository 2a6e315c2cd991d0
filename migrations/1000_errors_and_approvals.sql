-- What later servers store too, under their names and types, so that their files already have it.
ALTER TABLE messages ADD COLUMN is_error INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN pending_approval_id TEXT;
ALTER TABLE sessions ADD COLUMN approval_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE approval_history ADD COLUMN tool_input TEXT;
ALTER TABLE approval_history ADD COLUMN diff TEXT;
ALTER TABLE approval_history ADD COLUMN question TEXT;
ALTER TABLE approval_history ADD COLUMN question_prompts TEXT;
ALTER TABLE approval_history ADD COLUMN preview TEXT;
ALTER TABLE approval_history ADD COLUMN permission_suggestions TEXT;

-- What only this server needs to find an open question again, and to repeat its answer.
ALTER TABLE approval_history ADD COLUMN tool_use_id TEXT;
ALTER TABLE approval_history ADD COLUMN agent_id TEXT;
ALTER TABLE approval_history ADD COLUMN event_id TEXT;
ALTER TABLE approval_history ADD COLUMN answerable INTEGER NOT NULL DEFAULT 0;
-- JSON of the whole decision.
ALTER TABLE approval_history ADD COLUMN answer TEXT;

CREATE INDEX idx_approval_history_open ON approval_history (session_id, request_id) WHERE decision IS NULL;
