-- Where the repository of a session is; the first two under the names and types of later servers.
ALTER TABLE sessions ADD COLUMN repository_root TEXT;
ALTER TABLE sessions ADD COLUMN is_worktree INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN worktree_path TEXT;
-- 1 while something is not committed, NULL where nobody knows.
ALTER TABLE sessions ADD COLUMN git_dirty INTEGER;
