-- Commands of people whose end was never told are found at once; of those there are few.
CREATE INDEX idx_messages_running_commands ON messages (session_id) WHERE type = 'shell' AND tool_duration IS NULL;
