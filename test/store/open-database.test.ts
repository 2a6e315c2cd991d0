import { Database } from 'bun:sqlite'
import { afterEach, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { openDatabase } from '../../src/store/open-database.ts'
import { StorageError } from '../../src/store/storage-error.ts'
import {
  all,
  canMount,
  cleanUp,
  newDatabasePath,
  opened,
  TINY_DISK_BYTES,
  temporaryDirectory,
  tinyDisk,
} from './fixtures.ts'
import { baseline, databaseFile, later, legacy } from './old-databases.ts'

afterEach(cleanUp)

const BASELINE_SESSIONS =
  `id provider status work_status project_path project_name branch model context_label transcript_path
  custom_name summary first_prompt last_message attention_reason pending_tool_name pending_tool_input pending_question started_at
  ended_at end_reason last_activity_at last_tool last_tool_at total_tokens input_tokens output_tokens cached_tokens context_window
  prompt_count tool_count compact_count effort source agent_type permission_mode codex_integration_mode codex_thread_id
  claude_integration_mode claude_sdk_session_id approval_policy sandbox_mode forked_from_session_id current_diff current_plan
  current_cwd git_branch git_sha terminal_session_id terminal_app active_subagent_id active_subagent_type`.split(/\s+/)

const NAMED_INDEXES = [
  'idx_approval_history_created_at',
  'idx_approval_history_session',
  'idx_messages_session',
  'idx_messages_session_seq',
  'idx_review_comments_session',
  'idx_review_comments_session_turn',
  'idx_sessions_claude_sdk_session_id',
  'idx_sessions_codex_thread_id',
  'idx_sessions_project_path',
  'idx_sessions_status',
  'idx_subagents_session',
  'idx_turn_diffs_session',
]

const TRIGGERS = [
  'trg_sessions_block_direct_thread_shadow_insert',
  'trg_sessions_block_direct_thread_shadow_update',
  'trg_sessions_normalize_codex_cli_rs_insert',
  'trg_sessions_normalize_codex_cli_rs_update',
]

describe('a new file', () => {
  test('gets the schema of the original, with its columns first and in its order', () => {
    const db = opened()
    const columns = all(db, "SELECT name FROM pragma_table_info('sessions')").map(({ name }) => name)
    expect(columns.slice(0, BASELINE_SESSIONS.length)).toEqual(BASELINE_SESSIONS)
    expect(names(db, 'index')).toEqual(expect.arrayContaining(NAMED_INDEXES))
    expect(names(db, 'trigger')).toEqual(TRIGGERS)
  })

  test('records the two versions that the original looks for, and no other', () => {
    expect(all(opened(), 'SELECT version, name FROM schema_versions')).toEqual([
      { version: 1, name: '001_baseline' },
      { version: 2, name: '002_message_images' },
    ])
  })

  test('is for its owner only, and so is its directory', () => {
    const path = join(temporaryDirectory(), 'data', 'orbitdock.db')
    opened(path).run('CREATE TABLE t (x)')
    expect(mode(dirname(path))).toBe('700')
    expect(readdirSync(dirname(path)).map((name) => [name, mode(join(dirname(path), name))])).toEqual(
      expect.arrayContaining([
        ['orbitdock.db', '600'],
        ['orbitdock.db-wal', '600'],
      ]),
    )
  })

  test('gives a bare session the defaults of the original', () => {
    const db = opened()
    db.run("INSERT INTO sessions (id, project_path) VALUES ('s1', '/repo')")
    const filled = Object.entries(all(db, 'SELECT * FROM sessions')[0] ?? {}).filter(([, value]) => value !== null)
    expect(filled.filter(([, value]) => value !== 0)).toEqual([
      ['id', 's1'],
      ['provider', 'claude'],
      ['status', 'active'],
      ['work_status', 'waiting'],
      ['project_path', '/repo'],
    ])
  })

  test('leaves the mode of a directory that was there before us alone', () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o755)
    opened(join(directory, 'orbitdock.db'))
    expect(mode(directory)).toBe('755')
  })

  test('survives the death of the process without waiting for the disk, and waits for it when asked', () => {
    expect(opened().query('PRAGMA synchronous').values()).toEqual([[1]])
    const full = openDatabase(newDatabasePath(), { synchronous: 'full' })
    expect(full.query('PRAGMA synchronous').values()).toEqual([[2]])
    full.close(true)
  })
})

test.each([
  ['with images', true],
  ['without images', false],
])('a file of the original %s is completed in place, without a backup', (_, images) => {
  const path = databaseFile((db) => baseline(db, { images }))
  const db = opened(path)
  expect(all(db, 'SELECT version, name FROM schema_versions')).toHaveLength(2)
  expect(all(db, 'SELECT id, first_prompt, revision_ceiling FROM sessions')).toEqual([
    { id: 'old', first_prompt: 'from before', revision_ceiling: 0 },
  ])
  expect(() => db.run('SELECT images_json, is_error FROM messages')).not.toThrow()
  expect(backups(path)).toEqual([])
})

describe.each([
  ['of the app before the server', legacy],
  ['of a later version of the original', later],
])('a file %s', (_, make) => {
  test('is copied before the first change, and only then', () => {
    const path = databaseFile(make)
    openDatabase(path, { version: '0.1.0' }).close(true)
    openDatabase(path, { version: '0.2.0' }).close(true)
    expect(backups(path)).toEqual(['orbitdock.db.bak-0.1.0'])
    expect(mode(`${path}.bak-0.1.0`)).toBe('600')
    const backup = new Database(`${path}.bak-0.1.0`, { readonly: true })
    expect(() => backup.query('SELECT revision_ceiling FROM sessions')).toThrow('no such column')
    backup.close(true)
  })

  test('keeps every table, row and version, and gains what was missing', () => {
    const path = databaseFile(make)
    const before = new Database(path)
    const versions = all(before, 'SELECT version, name FROM schema_versions')
    const tables = names(before, 'table')
    before.close(true)
    const db = opened(path)
    expect(all(db, 'SELECT version, name FROM schema_versions')).toEqual(versions)
    expect(names(db, 'table')).toEqual(expect.arrayContaining(tables))
    expect(names(db, 'trigger')).toEqual(TRIGGERS)
    expect(() => db.run('SELECT images_json, is_error FROM messages')).not.toThrow()
    expect(() => db.run('SELECT current_diff, current_plan, approval_version, turn_count FROM sessions')).not.toThrow()
  })
})

test('a second backup of the same version does not replace the first', () => {
  const path = databaseFile(legacy)
  writeFileSync(`${path}.bak-0.1.0`, 'precious')
  openDatabase(path, { version: '0.1.0' }).close(true)
  expect(backups(path)).toEqual(['orbitdock.db.bak-0.1.0', 'orbitdock.db.bak-0.1.0.2'])
})

test('a database of another program is completed beside its own tables, after a backup', () => {
  const path = databaseFile((db) => db.run('CREATE TABLE notes (x)'))
  expect(names(opened(path), 'table')).toEqual(expect.arrayContaining(['notes', 'sessions']))
  expect(backups(path)).toHaveLength(1)
})

describe.each([
  ['new', undefined],
  ['original', (db: Database) => baseline(db, { images: true })],
  ['legacy', legacy],
  ['later', later],
])('after us the original can work on a file that was %s:', (_, make) => {
  const open = () => opened(make === undefined ? newDatabasePath() : databaseFile(make))

  test('its inserts and updates are taken', () => {
    const db = open()
    db.run(`INSERT INTO sessions (id, project_path, project_name, branch, model, provider, status, work_status,
      codex_integration_mode, approval_policy, sandbox_mode, started_at, last_activity_at)
      VALUES ('s1', '/repo', 'repo', 'main', NULL, 'codex', 'active', 'waiting', 'direct', NULL, NULL, '2026-02-21T10:00:00Z', '1771668000Z')
      ON CONFLICT (id) DO UPDATE SET model = coalesce(excluded.model, model)`)
    db.run(`INSERT OR IGNORE INTO messages (id, session_id, type, content, timestamp, sequence, tool_name, tool_input, tool_output,
      tool_duration, is_in_progress, images_json)
      VALUES ('m-1', 's1', 'tool', 'x', '1771668000Z', (SELECT coalesce(max(sequence), -1) + 1 FROM messages WHERE session_id = 's1'),
      'Bash', '{}', NULL, 0.5, 1, NULL)`)
    db.run(`INSERT OR REPLACE INTO turn_diffs (session_id, turn_id, diff, input_tokens, output_tokens, cached_tokens, context_window)
      VALUES ('s1', 'turn-1', 'd', 1, 2, 3, 4)`)
    db.run(`INSERT INTO approval_history (session_id, request_id, approval_type, tool_name, command, file_path, cwd, decision,
      proposed_amendment, created_at, decided_at)
      VALUES ('s1', 'r', 'exec', 'Bash', 'ls', NULL, '/repo', NULL, NULL, '2026-02-21T10:00:00Z', NULL)`)
    db.run(
      `INSERT INTO subagents (id, session_id, agent_type, transcript_path, started_at) VALUES ('a', 's1', 'Explore', NULL, 't')`,
    )
    db.run(
      `INSERT INTO review_comments (id, session_id, file_path, line_start, body, created_at) VALUES ('rc', 's1', 'f', 1, 'b', 't')`,
    )
    db.run('INSERT OR IGNORE INTO schema_versions (version, name) VALUES (1, ?)', ['001_baseline'])
    expect(all(db, "SELECT count(*) AS n FROM messages WHERE session_id = 's1'")).toEqual([{ n: 1 }])
  })

  test('rows that shadow a thread of ours are silently refused', () => {
    const db = open()
    db.run(`INSERT INTO sessions (id, project_path, provider, codex_integration_mode, codex_thread_id)
      VALUES ('ours', '/repo', 'codex', 'direct', 'thread')`)
    db.run("INSERT INTO sessions (id, project_path, provider) VALUES ('thread', '/repo', 'claude')")
    expect(all(db, "SELECT id FROM sessions WHERE id = 'thread'")).toEqual([])
    db.run("INSERT INTO sessions (id, project_path, provider) VALUES ('thread', '/repo', 'codex')")
    expect(all(db, "SELECT id FROM sessions WHERE id = 'thread'")).toHaveLength(1)
    db.run("UPDATE sessions SET provider = 'claude' WHERE id = 'thread'")
    expect(all(db, "SELECT provider FROM sessions WHERE id = 'thread'")).toEqual([{ provider: 'codex' }])
  })

  test.each(['insert', 'update'])('rows labelled by the Codex CLI become watched threads on %s', (moment) => {
    const db = open()
    const label = moment === 'insert' ? 'codex_cli_rs' : null
    db.run("INSERT INTO sessions (id, project_path, context_label) VALUES ('cli', '/repo', ?)", [label])
    if (moment === 'update') db.run("UPDATE sessions SET context_label = 'codex_cli_rs' WHERE id = 'cli'")
    expect(
      all(
        db,
        "SELECT provider, codex_integration_mode AS mode, codex_thread_id AS thread FROM sessions WHERE id = 'cli'",
      ),
    ).toEqual([{ provider: 'codex', mode: 'passive', thread: 'cli' }])
  })
})

describe('what is no usable database is refused with a reason:', () => {
  test('a text file', () => {
    const path = newDatabasePath()
    writeFileSync(path, 'dear diary\n'.repeat(500))
    expect(refusal(path)).toMatchObject({ fault: 'not_a_database', message: expect.stringContaining(path) })
  })

  test('a damaged file', () => {
    const path = databaseFile((db) => {
      baseline(db, { images: true })
    })
    truncateSync(path, statSync(path).size - 3 * 4096)
    expect(refusal(path)).toMatchObject({ fault: 'corrupt', message: expect.stringContaining('.recover') })
  })

  test('a directory', () => {
    const path = newDatabasePath()
    mkdirSync(path)
    expect(refusal(path)).toMatchObject({ fault: 'unavailable' })
  })

  test('a directory that cannot be made', () => {
    const path = newDatabasePath()
    writeFileSync(path, '')
    expect(refusal(join(path, 'below-a-file', 'orbitdock.db'))).toBeInstanceOf(StorageError)
  })

  test('a file that another program keeps locked', () => {
    const path = databaseFile((db) => baseline(db, { images: false }))
    const other = new Database(path)
    other.run('PRAGMA locking_mode = EXCLUSIVE')
    other.run('BEGIN EXCLUSIVE')
    expect(refusal(path)).toMatchObject({ fault: 'busy' })
    other.close(true)
  })

  test.each([
    ['file', (path: string) => chmodSync(path, 0o400)],
    ['directory', (path: string) => chmodSync(dirname(path), 0o500)],
  ])('a %s that must not be written', async (_, protect) => {
    const path = databaseFile((db) => baseline(db, { images: false }))
    giveToNobody(dirname(path), path)
    protect(path)
    expect(await refusalToNobody(path)).toMatchObject({ fault: 'read_only', message: expect.stringContaining(path) })
  })

  test.if(canMount)('a full disk, on which it works once there is space', () => {
    const directory = tinyDisk()
    const path = join(directory, 'orbitdock.db')
    writeFileSync(join(directory, 'ballast'), Buffer.alloc(TINY_DISK_BYTES - 20 * 4096))
    expect(refusal(path)).toMatchObject({ fault: 'disk_full', message: expect.stringContaining(path) })
    rmSync(join(directory, 'ballast'))
    expect(refusal(path)).toBeUndefined()
  })
})

const NOBODY = 65_534

/** To the superuser nothing is read-only; where tests run as root, somebody else opens the file. */
function giveToNobody(...paths: readonly string[]): void {
  if (process.getuid?.() === 0) for (const path of paths) chownSync(path, NOBODY, NOBODY)
}

async function refusalToNobody(path: string): Promise<unknown> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'open-as-nobody.ts'), path], { stdout: 'pipe' })
  return JSON.parse(await child.stdout.text())
}

function refusal(path: string): unknown {
  try {
    openDatabase(path, { busyTimeoutMs: 50 }).close(true)
    return undefined
  } catch (error) {
    return error
  }
}

function names(db: Database, type: string): unknown[] {
  return all(db, `SELECT name FROM sqlite_schema WHERE type = '${type}' AND name NOT LIKE 'sqlite%' ORDER BY name`).map(
    ({ name }) => name,
  )
}

function backups(path: string): string[] {
  return readdirSync(dirname(path))
    .filter((name) => name.includes('.bak-'))
    .sort()
}

function mode(path: string): string {
  if (!existsSync(path)) return 'absent'
  return (statSync(path).mode & 0o777).toString(8)
}
