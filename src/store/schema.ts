/** What a database has, what it should have, and the statements between the two. */
import { Database } from 'bun:sqlite'
import { MIGRATIONS, OWN_VERSIONS_FROM } from './migrations.ts'

/** Names of all tables and of all versions that its bookkeeping knows; empty for a new file. */
export interface SchemaSummary {
  readonly tables: ReadonlySet<string>
  readonly versions: ReadonlyMap<number, string>
}

interface Column {
  readonly name: string
  readonly type: string
  readonly required: boolean
  /** SQL of the default, null without one. */
  readonly default: string | null
}

interface SchemaObject {
  readonly type: 'table' | 'index' | 'trigger'
  readonly name: string
  readonly sql: string
}

/** Reads the tables and the bookkeeping of a database of any origin. */
export function summarise(db: Database): SchemaSummary {
  const tables = new Set(objectsOf(db).flatMap(({ type, name }) => (type === 'table' ? [name] : [])))
  const rows = tables.has('schema_versions') ? db.query('SELECT version, name FROM schema_versions').values() : []
  return { tables, versions: new Map(rows.map(([version, name]) => [Number(version), String(name)])) }
}

/**
 * The statements that make a database complete; none when it is. They only add, and a column is added nullable where SQLite
 * cannot add it as it was meant.
 */
export function missingStatements(db: Database): readonly string[] {
  using wanted = wantedDatabase()
  const present = new Map(objectsOf(db).map((object) => [object.name, object]))
  const statements: string[] = []
  for (const object of objectsOf(wanted)) {
    if (!present.has(object.name)) statements.push(object.sql)
    else if (object.type === 'table') statements.push(...missingColumns(object.name, db, wanted))
  }
  const recorded = summarise(db).versions
  for (const { version, name } of MIGRATIONS) {
    if (version < OWN_VERSIONS_FROM && !recorded.has(version)) {
      statements.push(`INSERT OR IGNORE INTO schema_versions (version, name) VALUES (${version}, '${name}')`)
    }
  }
  return statements
}

/** The schema that the migrations describe, as an empty database in memory. */
function wantedDatabase(): Database {
  const db = new Database(':memory:')
  for (const { sql } of MIGRATIONS) db.run(sql)
  return db
}

/** Tables first, since the others need them. */
function objectsOf(db: Database): readonly SchemaObject[] {
  const kinds = "CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END"
  return db
    .query<SchemaObject, []>(
      `SELECT type, name, sql FROM sqlite_schema
       WHERE type IN ('table', 'index', 'trigger') AND sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
       ORDER BY ${kinds}, rowid`,
    )
    .all()
}

function missingColumns(table: string, db: Database, wanted: Database): readonly string[] {
  const present = new Set(columnsOf(db, table).map(({ name }) => name))
  return columnsOf(wanted, table)
    .filter(({ name }) => !present.has(name))
    .map((column) => `ALTER TABLE ${table} ADD COLUMN ${addable(column)}`)
}

/** SQLite adds no column with a computed default, and none that is required without a default. */
function addable(column: Column): string {
  const constant = column.default !== null && !column.default.includes('(')
  const constraint = column.required && constant ? ' NOT NULL' : ''
  return `${column.name} ${column.type}${constraint}${constant ? ` DEFAULT ${column.default}` : ''}`
}

function columnsOf(db: Database, table: string): readonly Column[] {
  return db
    .query<[string, string, number, string | null], [string]>(
      'SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)',
    )
    .values(table)
    .map(([name, type, notNull, dflt]) => ({
      name: String(name),
      type: String(type),
      required: notNull === 1,
      default: dflt === null ? null : String(dflt),
    }))
}
