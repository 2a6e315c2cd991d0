-- What a subagent was started for and by which call, whether it may outlive the turn, how it ended, what it said last, and
-- how many tools it has called.
ALTER TABLE subagents ADD COLUMN description TEXT;
ALTER TABLE subagents ADD COLUMN tool_use_id TEXT;
ALTER TABLE subagents ADD COLUMN parent_id TEXT;
ALTER TABLE subagents ADD COLUMN background INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subagents ADD COLUMN outcome TEXT;
ALTER TABLE subagents ADD COLUMN last_message TEXT;
ALTER TABLE subagents ADD COLUMN tool_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subagents ADD COLUMN last_tool TEXT;
