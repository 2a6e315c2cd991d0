/** Prepared statements, made once per connection. */
import type { Database, SQLQueryBindings, Statement } from 'bun:sqlite'

export type SqlValue = string | number | null
export type Cells = readonly unknown[]

/** Statements kept per connection; Bun's own cache holds twenty. */
const STATEMENTS_MAX = 512

type Statements = Map<string, Statement<unknown, SQLQueryBindings[]>>

const caches = new WeakMap<Database, Statements>()

/** The statement for this text, prepared at first use. Closing the connection with `close(true)` finalises it. */
export function prepared(db: Database, sql: string): Statement<unknown, SQLQueryBindings[]> {
  const statements = statementsOf(db)
  const known = statements.get(sql)
  if (known) return known
  if (statements.size >= STATEMENTS_MAX) finaliseAll(statements)
  const statement = db.prepare<unknown, SQLQueryBindings[]>(sql)
  statements.set(sql, statement)
  return statement
}

function statementsOf(db: Database): Statements {
  const known = caches.get(db)
  if (known) return known
  const statements: Statements = new Map()
  caches.set(db, statements)
  return statements
}

function finaliseAll(statements: Statements): void {
  for (const statement of statements.values()) statement.finalize()
  statements.clear()
}

/** Runs a statement and tells how many rows it changed; rows changed by triggers do not count. */
export function change(db: Database, sql: string, ...values: readonly SqlValue[]): number {
  return prepared(db, sql).run(...values).changes
}

/** All rows as arrays of cells, which is several times cheaper than objects. */
export function rows(db: Database, sql: string, ...values: readonly SqlValue[]): readonly Cells[] {
  return prepared(db, sql).values(...values)
}
