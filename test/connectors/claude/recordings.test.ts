/** The recorded conversations of both pinned versions, read as the connector reads them. */
import { describe, expect, test } from 'bun:test'
import { unknownKind } from '../../../src/connectors/claude/translate.ts'
import type { ConversationMessage, SessionState } from '../../../src/session/state.ts'
import { shownCost, workStatus } from '../../../src/session/view.ts'
import { recordings } from './recorded-lines.ts'
import { replay, saidIn } from './replay.ts'

/** Requests of the CLI that nobody here answers, each with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  'request/hook_callback': 'only a client that registers hooks of its own is asked',
}
/** Recordings that stop in the middle of a turn: the process was killed, or left without a word. */
const CUT = new Set(['kill', 'term', 'v329-term', 'noinit'])

const shown = ({ type, toolName, content, toolOutput, isError }: ConversationMessage) =>
  [`${toolName ?? type}${isError ? ' (failed)' : ''}:`, content, toolOutput === null ? '' : `=> ${toolOutput}`]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 160)

/** How a session is left, without what depends on the time. */
const left = (state: SessionState) => ({
  status: workStatus(state),
  turns: state.turnCount,
  tools: state.toolCount,
  compactions: state.compactCount,
  tokens: [state.inputTokens, state.outputTokens, state.cachedTokens, state.contextWindow].join(' '),
  cost: shownCost(state),
  model: state.model,
  mode: state.permissionMode,
  lastMessage: state.lastMessage,
  approvals: state.approvals.map(({ kind, toolName }) => `${kind} ${toolName}`),
  subagents: state.subagents.map(({ agentType, outcome }) => `${agentType} ${outcome}`),
})

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
    expect({ rows: rows.map(shown), ...left(state) }).toMatchSnapshot()
  })
})
