import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { ANSWERED_APPROVALS_MAX, PENDING_APPROVALS_MAX } from '../../src/lib/limits.ts'
import { ServerMessage } from '../../src/protocol/server/index.ts'
import type { Effect } from '../../src/session/effects.ts'
import { ECHO_ROWS_MAX, RECENT_ROWS_MAX, WITHDRAWN_APPROVALS_MAX } from '../../src/session/limits.ts'
import { restoreSession } from '../../src/session/restore.ts'
import type { SessionState } from '../../src/session/state.ts'
import { storedSession } from '../../src/session/stored-session.ts'
import { transition } from '../../src/session/transition.ts'
import { approvalRequest, summaryOf, workStatus } from '../../src/session/view.ts'
import { aDirectSession, anUnlistedSession, NOW } from '../support/builders.ts'
import { anyHistory, type Moment } from './any-input.ts'
import { ConversationMirror, ListMirror, present, StoreMirror } from './mirror.ts'

interface Passage {
  readonly before: SessionState
  readonly after: SessionState
  readonly effects: readonly Effect[]
  readonly moment: Moment
  readonly now: number
}

const anyStart = fc.constantFrom<SessionState>(anUnlistedSession(), aDirectSession({ listed: false }))

/** Checks every step of many histories; `begin` makes what a check remembers between the steps of one history. */
function holds(begin: () => (passage: Passage) => void): void {
  fc.assert(
    fc.property(anyStart, anyHistory, (start, history) => {
      const check = begin()
      let state = start
      let now = NOW
      for (const moment of history) {
        now += moment.gapMs
        const before = frozen(state)
        const [after, effects] = transition(before, moment.input, now)
        check({ before, after, effects, moment, now })
        state = after
      }
    }),
    { numRuns: 300 },
  )
}

/** No delta tells these: they come with the whole row, or with the card, and that is soon enough. */
const TOLD_WITH_THE_ROW = ['has_pending_approval', 'pending_approval_id', 'approval_version', 'end_reason', 'revision']
const NEVER_TOLD_ALONE = ['transcript_path', 'project_name', 'project_path', 'current_turn_id', 'turn_count']

function shown(row: object | undefined): object {
  const known = Object.entries(present({ ...row }))
  return Object.fromEntries(known.filter(([key]) => ![...TOLD_WITH_THE_ROW, ...NEVER_TOLD_ALONE].includes(key)))
}

const framesFor = (address: 'clients' | 'list' | 'sender', effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.to === address || (address === 'list' && effect.to === 'clients' && effect.onList)
      ? 'frame' in effect
        ? [effect.frame]
        : []
      : [],
  )
/** Rows of the past go to places of their own, and no client hears of them (ME10). */
const isPast = ({ moment: { input } }: Passage) => input.from === 'agent' && input.event.type === 'past_told'
const rowsIn = (effects: readonly Effect[]) => effects.flatMap((effect) => (effect.to === 'store' ? [effect.row] : []))

describe('every history', () => {
  test('P1 sends only frames that the protocol allows', () => {
    holds(() => ({ effects }) => {
      for (const effect of effects) if ('frame' in effect) ServerMessage.parse(effect.frame)
    })
  })
  test('P2 tells the store all that it must know to go on', () => {
    holds(() => {
      const store = new StoreMirror()
      return ({ after, effects }) => {
        for (const row of rowsIn(effects)) store.read(row)
        if (after.listed) expect(store.session).toEqual(storedSession(after))
        expect(store.queue).toEqual(after.queue)
      }
    })
  })
  test('P3 tells the list all that its rows show', () => {
    holds(() => {
      const list = new ListMirror()
      return ({ after, effects }) => {
        for (const frame of framesFor('list', effects)) list.read(frame)
        if (!after.listed) return expect(list.row).toBeUndefined()
        expect(shown(list.row)).toEqual(shown(summaryOf(after)))
        const [head] = after.approvals
        expect(list.pendingApproval?.id).toBe(head && approvalRequest(after, head).id)
      }
    })
  })
  test('P4 tells clients and the store the same conversation', () => {
    holds(() => {
      const [clients, store] = [new ConversationMirror(), new ConversationMirror()]
      return (passage) => {
        const { effects, after } = passage
        if (isPast(passage)) return
        for (const frame of framesFor('clients', effects)) clients.readFrame(frame)
        for (const row of rowsIn(effects)) store.readRow(row)
        // Rows that wait for their place are stored already.
        const shown = [...store.rows].filter(([id]) => clients.rows.has(id) || !isWaiting(after, id))
        expect(clients.rows).toEqual(new Map(shown))
      }
    })
  })
  test('P5 gives every row a place of its own, each after the one before', () => {
    holds(() => {
      let last = -1
      const ids = new Set<string>()
      const kept = new Set<string>()
      return (passage) => {
        const { effects, after } = passage
        if (isPast(passage)) return
        for (const row of rowsIn(effects)) {
          if (row.table !== 'messages' || !('put' in row)) continue
          expect(row.sequence).toBeGreaterThan(last)
          expect(row.put.id).not.toBe('')
          // A row that waited for its place is stored once more when it has one.
          if (!kept.delete(row.put.id)) expect(ids).not.toContain(row.put.id)
          ids.add(row.put.id)
          if (isWaiting(after, row.put.id)) kept.add(row.put.id)
          last = row.sequence
        }
      }
    })
  })
  test('P6 names every turn once', () => {
    holds(() => {
      const turns = new Set<string>()
      return ({ before, after }) => {
        const { currentTurnId: turn } = after
        if (turn === null || turn === before.currentTurnId) return
        expect(turns).not.toContain(turn)
        turns.add(turn)
      }
    })
  })
  test('P7 answers every request at most once, and only while it is pending', () => {
    holds(() => ({ before, after, effects }) => {
      for (const effect of effects) {
        if (effect.to !== 'agent' || effect.action.do !== 'decide') continue
        expect(before.approvals).toContain(effect.action.approval)
        expect(after.approvals).not.toContain(effect.action.approval)
      }
      const decided = effects.filter((effect) => effect.to === 'agent' && effect.action.do === 'decide')
      expect(decided.length).toBeLessThanOrEqual(1)
    })
  })
  test('P8 closes in the history what leaves the queue, and lets its hook go', () => {
    holds(() => ({ before, after, effects }) => {
      const left = before.approvals.filter(
        ({ requestId }) => !after.approvals.some((approval) => approval.requestId === requestId),
      )
      for (const { requestId, eventId } of left) {
        const closed = rowsIn(effects).filter((row) => 'decide' in row && row.decide.requestId === requestId)
        expect(closed).toHaveLength(1)
        const actions = effects.flatMap((effect) => (effect.to === 'agent' ? [effect.action] : []))
        const reached = actions.some(
          (action) =>
            (action.do === 'release' && action.eventId === eventId) ||
            (action.do === 'decide' && action.approval.requestId === requestId),
        )
        expect(reached || eventId === null).toBe(true)
      }
    })
  })
  test('P9 never holds two requests of one id, and raises the version with every change', () => {
    holds(() => ({ before, after }) => {
      const ids = after.approvals.map(({ requestId }) => requestId)
      expect(new Set(ids).size).toBe(ids.length)
      if (after.listed)
        expect(after.approvals === before.approvals).toBe(after.approvalVersion === before.approvalVersion)
    })
  })
  test('P10 keeps within its bounds', () => {
    holds(() => ({ after }) => {
      expect(after.approvals.length).toBeLessThanOrEqual(PENDING_APPROVALS_MAX)
      expect(after.answered.length).toBeLessThanOrEqual(ANSWERED_APPROVALS_MAX)
      expect(after.withdrawn.length).toBeLessThanOrEqual(WITHDRAWN_APPROVALS_MAX)
      expect(after.recentIds.length).toBeLessThanOrEqual(RECENT_ROWS_MAX)
      expect(after.echoSources.length).toBeLessThanOrEqual(ECHO_ROWS_MAX)
    })
  })
  test('P11 moves nothing once the session has ended, unless it wakes', () => {
    holds(() => ({ before, after, effects, moment }) => {
      if (before.phase.name !== 'ended' || after.phase.name !== 'ended') return
      expect(after.phase).toBe(before.phase)
      expect(after.approvals).toEqual([])
      expect(after.turnCount).toBe(before.turnCount)
      if (moment.input.from === 'agent') expect(after.lastActivityAt).toBe(before.lastActivityAt)
      const statuses = framesFor('clients', effects).flatMap((frame) =>
        frame.type === 'session_delta' && frame.changes.work_status ? [frame] : [],
      )
      expect(statuses).toEqual([])
    })
  })
  test('P12 is at work exactly while a turn is open', () => {
    holds(() => ({ after }) => {
      expect(after.phase.name === 'working').toBe(after.currentTurnId !== null)
      if (workStatus(after) === 'waiting') expect(after.approvals).toEqual([])
    })
  })
  test('P13 can stop at any moment and be restored as it looked', () => {
    holds(() => ({ after, now }) => {
      if (!after.listed) return
      const { approvals, answered, subagents, turnDiffs, reviewComments } = after
      const restored = restoreSession(
        after.id,
        { ...storedSession(after), revisionCeiling: 0 },
        { approvals, answered, subagents, turnDiffs, reviewComments, now },
      )
      expect(summaryOf(restored)).toEqual(summaryOf(after))
      expect(storedSession(restored)).toEqual(storedSession(after))
    })
  })
  test('P14 shows every call of the main thread and every failure in the end, also those that wait for the transcript', () => {
    holds(() => {
      const calls = new Set<string>()
      const failures = new Set<string>()
      // An agent may take an error back; that it was shown is what counts.
      const errors = new Set<unknown>()
      const clients = new ConversationMirror()
      return ({ before, after, effects, moment, now }) => {
        for (const frame of framesFor('clients', effects)) clients.readFrame(frame)
        const event = moment.input.from === 'agent' ? moment.input.event : undefined
        const isNew = after.toolCount > before.toolCount
        if (event?.type === 'tool_started' && isNew && event.agentId === null && event.toolUseId !== null)
          calls.add(`${after.id}:${event.toolUseId}`)
        if (event?.type === 'turn_failed') failures.add(event.message)
        const shown = new ConversationMirror(clients.rows)
        const [, due] = transition(after, { from: 'agent', event: { type: 'rows_due' } }, now)
        for (const frame of framesFor('clients', due)) shown.readFrame(frame)
        for (const id of calls) expect(shown.rows.has(id)).toBe(true)
        for (const { isError, content } of shown.rows.values()) if (isError) errors.add(content)
        for (const text of failures) expect(errors).toContain(text)
      }
    })
  })
})

/** Makes a rule that changes its input throw. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}

/** Whether the row of this id is stored, and not shown yet. */
function isWaiting({ tools, previousTools }: SessionState, id: string): boolean {
  return [...previousTools, ...tools].some(({ awaitedRow }) => awaitedRow?.id === id)
}
