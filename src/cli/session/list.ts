/** `session list`: every session, whoever needs somebody first. */
import { type ArgsDef, defineCommand } from 'citty'
import type { SessionSummary } from '../../protocol/model/session.ts'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { cell, clean, fit, jsonLine } from '../terminal-text.ts'
import { runWithClient } from './client-command.ts'
import { byUrgency, projectOf, titleOf } from './describe.ts'
import { fetchSessions, shortIds } from './find-session.ts'

const options = {
  provider: { type: 'enum', alias: 'p', options: ['claude', 'codex'], description: 'Only sessions of this agent' },
  status: { type: 'enum', options: ['active', 'ended'], description: 'Only sessions that go on, or that are over' },
  project: { type: 'string', valueHint: 'TEXT', description: 'Only sessions whose directory contains this' },
  ...clientOptions,
} as const satisfies ArgsDef

export const list = defineCommand({
  meta: { name: 'list', description: 'List sessions, those first that need somebody' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessions = (await fetchSessions(client))
        .filter((session) => !args.provider || session.provider === args.provider)
        .filter((session) => !args.status || session.status === args.status)
        .filter((session) => !args.project || session.project_path.includes(args.project))
        .sort(byUrgency)
      if (json) print(jsonLine({ sessions }))
      else for (const line of table(sessions)) print(line)
      return undefined
    }),
})

const COLUMNS = ['ID', 'PROVIDER', 'PROJECT', 'STATUS', 'MODEL', 'NAME'] as const
/** Characters of an id, when that many tell sessions apart. */
const ID_CHARS = 16
/** Widest that each column grows. */
const COLUMN_CHARS_MAX = [36, 8, 30, 10, 20, 40]

function table(sessions: readonly SessionSummary[]): string[] {
  if (sessions.length === 0) return ['No sessions found.']
  const ids = shortIds(
    sessions.map(({ id }) => id),
    ID_CHARS,
  )
  const rows = [COLUMNS, ...sessions.map((session) => rowOf(session, ids.get(session.id) ?? session.id))]
  const widths = COLUMN_CHARS_MAX.map((most, column) =>
    Math.min(most, Math.max(...rows.map((row) => Bun.stringWidth(row[column] ?? '')))),
  )
  return rows.map((row) =>
    row
      .map((text, column) => cell(text, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function rowOf(session: SessionSummary, id: string): readonly string[] {
  const status = session.status === 'ended' ? 'ended' : clean(session.work_status)
  return [
    id,
    clean(session.provider),
    projectOf(session),
    status,
    clean(session.model ?? '-'),
    fit(titleOf(session), 40),
  ]
}
