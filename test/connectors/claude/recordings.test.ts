/** The recorded conversations of both pinned versions, read as the connector reads them. */
import { describe, expect, test } from 'bun:test'
import { type ClaudeLine, readClaudeLine } from '../../../src/connectors/claude/line.ts'
import { newContext } from '../../../src/connectors/claude/translate/context.ts'
import { claudeEvents, unknownKind } from '../../../src/connectors/claude/translate.ts'
import type { SessionEvent } from '../../../src/session/events.ts'
import type { ConversationMessage, SessionState } from '../../../src/session/state.ts'
import { workStatus } from '../../../src/session/view.ts'
import { runAt } from '../../session/history.ts'
import { aDirectSession, NOW, SESSION_ID } from '../../support/builders.ts'
import { recordedLines, recordings } from './recorded-lines.ts'

/** Requests of the CLI that nobody here answers, each with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  'request/hook_callback': 'only a client that registers hooks of its own is asked',
}
/** Recordings that stop in the middle of a turn: the process was killed, or left without a word. */
const CUT = new Set(['kill', 'term', 'v329-term', 'noinit'])

const saidIn = (recording: string): readonly ClaudeLine[] =>
  recordedLines(recording)
    .filter(({ direction }) => direction === 'out')
    .flatMap(({ text }) => readClaudeLine(text) ?? [])

/** What becomes of a session to which all of it is said. */
function replay(recording: string) {
  let now = NOW
  let state: SessionState = aDirectSession()
  const context = newContext(SESSION_ID, () => now)
  const events: SessionEvent[] = []
  const rows = new Map<string, ConversationMessage>()
  for (const line of saidIn(recording)) {
    now++
    for (const event of claudeEvents(line, context)) {
      events.push(event)
      const outcome = runAt(now, state, { from: 'agent', event })
      state = outcome.state
      for (const row of outcome.rows) if (row.table === 'messages') keep(rows, row)
    }
  }
  return { state, events, rows: [...rows.values()] }
}

type MessageRow = Extract<ReturnType<typeof runAt>['rows'][number], { table: 'messages' }>

function keep(rows: Map<string, ConversationMessage>, row: MessageRow): void {
  if ('put' in row) return void rows.set(row.put.id, row.put)
  const known = rows.get(row.patch.id)
  expect(known, `a row for the change of ${row.patch.id}`).toBeDefined()
  if (known) rows.set(known.id, { ...known, ...row.patch })
}

const shown = ({ type, toolName, content, toolOutput, isError }: ConversationMessage) =>
  [`${toolName ?? type}${isError ? ' (failed)' : ''}:`, content, toolOutput === null ? '' : `=> ${toolOutput}`]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 160)

test.each(recordings)('%s: every line means something, or is ignored for a reason', (recording) => {
  const unknown = saidIn(recording).flatMap((line) => unknownKind(line) ?? [])
  expect([...new Set(unknown)].filter((kind) => !Object.hasOwn(REFUSED, kind))).toEqual([])
})

describe.each(recordings)('%s', (recording) => {
  test('leaves the session waiting, with nothing open', () => {
    const { state } = replay(recording)
    if (CUT.has(recording)) return
    expect(state.approvals).toEqual([])
    expect(state.currentTurnId === null || state.activeSubagentId !== null).toBe(true)
    expect(['waiting', 'working']).toContain(workStatus(state))
  })

  test('is the conversation that was had', () => {
    const { rows, state } = replay(recording)
    expect({ rows: rows.map(shown), turns: state.turnCount, tools: state.toolCount }).toMatchSnapshot()
  })
})
