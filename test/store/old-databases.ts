/** Files as other programs left them: the original, the app before it, and later versions of the original. */
import { Database } from 'bun:sqlite'
import { MIGRATIONS } from '../../src/store/migrations.ts'
import { newDatabasePath } from './fixtures.ts'

/** A file made by `make`, closed again. */
export function databaseFile(make: (db: Database) => void): string {
  const path = newDatabasePath()
  const db = new Database(path)
  make(db)
  db.close(true)
  return path
}

/** The original of 18 to 21 February 2026; `images`: whether its second migration has run. */
export function baseline(db: Database, { images }: { images: boolean }): void {
  for (const { version, name, sql } of MIGRATIONS.filter(({ version }) => version <= (images ? 2 : 1))) {
    db.run(sql)
    db.run('INSERT INTO schema_versions (version, name) VALUES (?, ?)', [version, name])
  }
  db.run("INSERT INTO sessions (id, project_path, first_prompt) VALUES ('old', '/repo', 'from before')")
}

const LEGACY_VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, ...Array.from({ length: 13 }, (_, index) => index + 11)]

/** The app before the server: other names for versions 1 and 2, nullable columns, other defaults, tables of its own. */
export function legacy(db: Database): void {
  db.run(`
    CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL DEFAULT (datetime('now')));
    CREATE TABLE workstreams (id TEXT PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY, project_path TEXT NOT NULL, project_name TEXT, branch TEXT, model TEXT, context_label TEXT,
      transcript_path TEXT, status TEXT DEFAULT 'active', work_status TEXT DEFAULT 'unknown', started_at TEXT, ended_at TEXT,
      end_reason TEXT, total_tokens INTEGER DEFAULT 0, total_cost_usd REAL DEFAULT 0, last_activity_at TEXT, last_tool TEXT,
      last_tool_at TEXT, prompt_count INTEGER DEFAULT 0, tool_count INTEGER DEFAULT 0, terminal_session_id TEXT,
      terminal_app TEXT, attention_reason TEXT, pending_tool_name TEXT, pending_tool_input TEXT, pending_question TEXT,
      pending_approval_id TEXT, custom_name TEXT, summary TEXT, first_prompt TEXT, provider TEXT DEFAULT 'claude',
      codex_integration_mode TEXT, codex_thread_id TEXT, workstream_id TEXT REFERENCES workstreams (id)
    );
    CREATE TABLE messages (
      id TEXT PRIMARY KEY, session_id TEXT NOT NULL, type TEXT NOT NULL, content TEXT, timestamp TEXT NOT NULL,
      sequence INTEGER NOT NULL DEFAULT 0, tool_name TEXT, tool_input TEXT, tool_output TEXT, tool_duration REAL,
      input_tokens INTEGER, output_tokens INTEGER, is_in_progress INTEGER NOT NULL DEFAULT 0, image_data BLOB,
      image_mime_type TEXT, thinking TEXT, images_json TEXT
    );
    CREATE TABLE approval_history (
      id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, request_id TEXT NOT NULL, approval_type TEXT NOT NULL,
      tool_name TEXT, command TEXT, file_path TEXT, cwd TEXT, decision TEXT, proposed_amendment TEXT, created_at TEXT NOT NULL,
      decided_at TEXT
    );
    CREATE INDEX idx_approval_history_session_id ON approval_history (session_id);
    CREATE TABLE inbox_items (id TEXT PRIMARY KEY, content TEXT NOT NULL);
    INSERT INTO inbox_items VALUES ('i1', 'keep me');
    INSERT INTO sessions (id, project_path, provider, status, last_activity_at) VALUES ('null-words', '/repo', NULL, NULL, '1700000000Z');
    INSERT INTO sessions (id, project_path, status, last_activity_at) VALUES ('idle', '/repo', 'idle', '2026-01-05 10:00:00');
    INSERT INTO messages (id, session_id, type, content, timestamp) VALUES ('m1', 'idle', 'toolResult', NULL, '1700000000Z');
  `)
  for (const version of LEGACY_VERSIONS) {
    const name = version === 1 ? '001_initial' : version === 2 ? '002_add_codex_sessions' : `0${version}_change`
    db.run('INSERT INTO schema_versions (version, name) VALUES (?, ?)', [version, name])
  }
}

/** A later version of the original, after its migration 18. */
export function later(db: Database): void {
  baseline(db, { images: true })
  db.run(`
    CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), checksum VARCHAR(255));
    INSERT INTO refinery_schema_history VALUES (18, 'approval_permission_suggestions', '2026-03-08T00:00:00Z', '1');
    CREATE TABLE config (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    INSERT INTO config VALUES ('openai_api_key', 'enc:abc');
    ALTER TABLE sessions ADD COLUMN pending_approval_id TEXT;
    ALTER TABLE sessions ADD COLUMN approval_version INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE messages ADD COLUMN is_error INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE sessions ADD COLUMN repository_root TEXT;
    ALTER TABLE sessions ADD COLUMN is_worktree INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE sessions ADD COLUMN worktree_id TEXT;
    ALTER TABLE sessions ADD COLUMN last_read_sequence INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE sessions ADD COLUMN unread_count INTEGER NOT NULL DEFAULT 0;
  `)
  for (const name of ['tool_input', 'diff', 'question', 'question_prompts', 'preview', 'permission_suggestions']) {
    db.run(`ALTER TABLE approval_history ADD COLUMN ${name} TEXT`)
  }
  for (let version = 3; version <= 18; version++) {
    db.run('INSERT INTO schema_versions (version, name) VALUES (?, ?)', [version, `later_${version}`])
  }
}
