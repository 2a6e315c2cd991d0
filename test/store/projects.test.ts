import { afterEach, expect, test } from 'bun:test'
import type { StoredSession } from '../../src/session/state.ts'
import { readRecentProjects } from '../../src/store/projects.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

const at = (time: string) => Date.parse(`2026-02-21T${time}Z`)

test('the directories of sessions are read with the latest first, and what never was a session is left out', () => {
  const db = opened()
  const sessions: readonly Partial<StoredSession>[] = [
    { projectPath: '/one', lastActivityAt: at('10:00:00') },
    { projectPath: '/two', lastActivityAt: at('09:00:00') },
    { projectPath: '/two', lastActivityAt: at('11:00:00'), status: 'ended', endReason: 'clear' },
    { projectPath: '/three', startedAt: at('08:00:00') },
    { projectPath: '/shell', endReason: 'startup_empty_shell' },
    { projectPath: '/unknown' },
  ]
  for (const [nth, put] of sessions.entries()) apply(db, `s${nth}`, { table: 'sessions', put })
  db.run("INSERT INTO sessions (id, project_path, started_at, last_activity_at) VALUES ('old', '/old', NULL, NULL)")
  expect(readRecentProjects(db)).toEqual([
    { path: '/two', session_count: 2, last_active: `${at('11:00:00') / 1000}Z` },
    { path: '/one', session_count: 1, last_active: `${at('10:00:00') / 1000}Z` },
    { path: '/three', session_count: 1, last_active: `${at('08:00:00') / 1000}Z` },
    { path: '/old', session_count: 1 },
  ])
})
