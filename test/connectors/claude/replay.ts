/** Recorded conversations as the connector's pure layers read them, and what a session makes of them. */
import { type ClaudeLine, readClaudeLine } from '../../../src/connectors/claude/line.ts'
import { newContext } from '../../../src/connectors/claude/translate/context.ts'
import { claudeEvents } from '../../../src/connectors/claude/translate.ts'
import type { StoreRow } from '../../../src/session/effects.ts'
import type { SessionEvent } from '../../../src/session/events.ts'
import type { ConversationMessage, SessionState } from '../../../src/session/state.ts'
import { runAt } from '../../session/history.ts'
import { aDirectSession, NOW, SESSION_ID } from '../../support/builders.ts'
import { recordedLines } from './recorded-lines.ts'

type MessageRow = Extract<StoreRow, { table: 'messages' }>

/** What one line meant. */
export interface Heard {
  readonly line: ClaudeLine
  readonly events: readonly SessionEvent[]
}

export interface Replay {
  readonly heard: readonly Heard[]
  /** The session as it is left. */
  readonly state: SessionState
  /** Its rows, in the order in which they came. */
  readonly rows: readonly ConversationMessage[]
}

/** What the CLI said, in order. */
export function saidIn(recording: string): readonly ClaudeLine[] {
  return linesOf(recording, 'out')
}

/** What the CLI was told. */
export function toldIn(recording: string): readonly ClaudeLine[] {
  return linesOf(recording, 'in')
}

/** What becomes of a session to which all of it is said. Throws for a change of a row that is not there. */
export function replay(recording: string): Replay {
  let now = NOW
  let state: SessionState = aDirectSession()
  const context = newContext(SESSION_ID, () => now)
  const rows = new Map<string, ConversationMessage>()
  const heard = saidIn(recording).map((line) => {
    now++
    const events = claudeEvents(line, context)
    for (const event of events) {
      const outcome = runAt(now, state, { from: 'agent', event })
      state = outcome.state
      for (const row of outcome.rows) if (row.table === 'messages') keep(rows, row)
    }
    return { line, events }
  })
  return { heard, state, rows: [...rows.values()] }
}

function linesOf(recording: string, wanted: 'in' | 'out'): readonly ClaudeLine[] {
  return recordedLines(recording)
    .filter(({ direction }) => direction === wanted)
    .flatMap(({ text }) => readClaudeLine(text) ?? [])
}

function keep(rows: Map<string, ConversationMessage>, row: MessageRow): void {
  if ('put' in row) return void rows.set(row.put.id, row.put)
  const known = rows.get(row.patch.id)
  if (!known) throw new Error(`there is no row for the change of ${row.patch.id}`)
  rows.set(known.id, { ...known, ...row.patch })
}
