/** Fills a database with sessions, in whatever schema its server made. */
import { Database } from 'bun:sqlite'

/** Characters between the ids of copies, to fill ids to the same length. */
const DIGITS = 6

/**
 * Copies one stored session with its messages until there are `wanted` sessions in all; every second copy has ended.
 * The server must not run. Columns are copied as they are, so that the rows are those the server wrote itself.
 */
export function multiplySession(path: string, sessionId: string, wanted: number): void {
  using db = new Database(path)
  const copies = `WITH RECURSIVE copies (number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM copies WHERE number < ?2 - 1)`
  const name = `?1 || '-' || printf('%0${DIGITS}d', number)`
  db.run('BEGIN')
  db.query(copySql(db, 'sessions', { id: name }, copies, 'id = ?1')).run(sessionId, wanted)
  db.query(
    copySql(
      db,
      'messages',
      { id: `${name} || substr(id, length(?1) + 1)`, session_id: name },
      copies,
      'session_id = ?1',
    ),
  ).run(sessionId, wanted)
  db.run(`UPDATE sessions SET status = 'ended', work_status = 'ended', ended_at = last_activity_at, end_reason = 'bench'
    WHERE rowid % 2 = 0`)
  db.run('COMMIT')
  db.run('PRAGMA wal_checkpoint(TRUNCATE)')
}

function copySql(
  db: Database,
  table: string,
  given: Readonly<Record<string, string>>,
  copies: string,
  which: string,
): string {
  const columns = db
    .query<{ name: string }, []>(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name }) => name)
  const values = columns.map((column) => given[column] ?? column)
  return `${copies} INSERT INTO ${table} (${columns.join(', ')})
    SELECT ${values.join(', ')} FROM copies, ${table} WHERE ${which}`
}
