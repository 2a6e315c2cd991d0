-- First revision that no frame has carried yet.
ALTER TABLE sessions ADD COLUMN revision_ceiling INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN turn_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN current_turn_id TEXT;
