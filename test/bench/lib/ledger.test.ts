/** The count of events after a kill must be able to fail. */
import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ledger } from './ledger.ts'
import { ScriptedSession } from './scripted-session.ts'

const TURN = 10
let directory: string
let path: string
let db: Database
let session: ScriptedSession

/** A database in which one turn of a session is stored as it should be. */
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'))
  path = join(directory, 'orbitdock.db')
  db = new Database(path)
  db.run(`PRAGMA synchronous = OFF;
    CREATE TABLE sessions (id TEXT, prompt_count INTEGER, tool_count INTEGER);
    CREATE TABLE messages (id TEXT, session_id TEXT, type TEXT, tool_output TEXT);
    CREATE TABLE hook_events (session_id TEXT, event_id TEXT)`)
  session = new ScriptedSession('s')
  for (let event = 0; event < TURN; event++) session.next()
  db.run("INSERT INTO sessions VALUES ('s', 1, 4)")
  for (const { kind, eventId, toolUseId, token } of session.events) {
    db.run("INSERT INTO hook_events VALUES ('s', ?)", [eventId])
    if (kind === 'tool-end') db.run("INSERT INTO messages VALUES (?, 's', 'tool', ?)", [`s:${toolUseId}`, token])
  }
})

afterEach(() => {
  db.close()
  rmSync(directory, { recursive: true })
})

test('a database that holds everything once has nothing missing and nothing doubled', () => {
  using ledger = new Ledger(path)
  expect(ledger.missing(session.events)).toEqual([])
  const { surplus, deficit } = ledger.account([session])
  expect([...surplus, ...deficit]).toEqual([])
})

test('an event whose id is not remembered is missing', () => {
  const [first] = session.events
  db.run('DELETE FROM hook_events WHERE event_id = ?', [first?.eventId ?? ''])
  using ledger = new Ledger(path)
  expect(ledger.missing(session.events)).toEqual(first ? [first] : [])
  expect([...ledger.account([session]).deficit]).toEqual([['hook_events', 1]])
})

test('a tool call without its row costs its beginning and its end, one without its output only the end', () => {
  db.run("DELETE FROM messages WHERE id = 's:toolu_1'")
  db.run("UPDATE messages SET tool_output = NULL WHERE id = 's:toolu_3'")
  using ledger = new Ledger(path)
  expect(ledger.missing(session.events).map(({ token }) => token)).toEqual([
    'tool-start 1 of s',
    'tool-end 2 of s',
    'tool-end 4 of s',
  ])
})

test('events that count twice are a surplus, named by what counted them', () => {
  db.run('UPDATE sessions SET tool_count = 6, prompt_count = 2')
  db.run("INSERT INTO messages VALUES ('s:second', 's', 'tool', '')")
  using ledger = new Ledger(path)
  expect(Object.fromEntries(ledger.account([session]).surplus)).toEqual({
    prompt_count: 1,
    tool_count: 2,
    'tool rows': 1,
  })
})

test('a server that remembers no events is judged by its rows and counters', () => {
  db.run('DROP TABLE hook_events')
  using ledger = new Ledger(path)
  expect(ledger.missing(session.events)).toEqual([])
  expect([...ledger.account([session]).deficit]).toEqual([])
})
