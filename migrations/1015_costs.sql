-- What the conversation has cost in US dollars, as its agent counts; NULL as long as it has not told.
ALTER TABLE sessions ADD COLUMN cost_usd REAL;
