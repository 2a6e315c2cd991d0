import { describe, expect, test } from 'bun:test'
import type { ConversationMessage } from '../../src/session/state.ts'
import { recordedTranscript, transcripts } from '../transcripts/recorded-transcripts.ts'
import { asPosted, decisions, recordedBodies, recordedDecision, scenarios } from './recorded-hooks.ts'
import { Replay } from './replay.ts'

function replayed(scenario: string): Replay {
  const replay = new Replay()
  for (const body of recordedBodies(scenario)) replay.post(body)
  return replay
}

/** The trail of the only listed session. */
function trailOf(replay: Replay): readonly string[] {
  const [trail, ...others] = replay.trails.values()
  expect(others).toEqual([])
  return trail ?? []
}

function toolsOf(rows: readonly ConversationMessage[]): readonly string[] {
  return rows
    .filter(({ type }) => type === 'tool')
    .map(({ toolName, isError }) => `${toolName}${isError ? ' (error)' : ''}`)
}

/** The rows without regard to their order. */
function rowsOf(rows: readonly ConversationMessage[]): readonly string[] {
  return rows
    .map(({ type, toolName, content, isError }) => `${type}${isError ? ' (error)' : ''} ${toolName ?? content}`)
    .sort()
}

/** What the hooks alone make of a session; each scenario that ends in SessionEnd ends so. */
const trails: Readonly<Record<string, readonly string[]>> = {
  'p-plain': ['waiting', 'working', 'waiting', 'ended'],
  'v329-p-plain': ['waiting', 'working', 'waiting', 'ended'],
  'p-bash': ['waiting', 'working', 'waiting', 'ended'],
  'p-err400': ['waiting', 'working', 'waiting', 'ended'],
  'i-perm-yes': ['waiting', 'working', 'permission', 'working', 'waiting', 'ended'],
  'i-perm-no': ['waiting', 'working', 'permission', 'ended'],
  'i-ask': ['waiting', 'working', 'question', 'working', 'waiting', 'ended'],
  'i-plan': ['waiting', 'working', 'question', 'working', 'waiting', 'ended'],
  'i-agent': ['waiting', 'working', 'waiting', 'ended'],
  'i-sigterm': ['waiting', 'working', 'ended'],
  'i-int-stream-then-kill9': ['waiting', 'working'],
}

describe('a session that its hooks tell about', () => {
  test.each(Object.keys(trails))('%s goes its way', (scenario) => {
    expect(trailOf(replayed(scenario))).toEqual(trails[scenario] ?? [])
  })

  test.each(scenarios)('%s leaves no approval open and no tool under way once it has ended', (scenario) => {
    for (const state of replayed(scenario).sessions.values()) {
      if (state.phase.name !== 'ended') continue
      expect(state.approvals).toEqual([])
      expect(state.currentTurnId).toBeNull()
    }
  })

  test('shows each tool once, with its output and duration', () => {
    const replay = replayed('p-edit')
    const [id = ''] = replay.sessions.keys()
    expect(replay.conversation(id)).toMatchObject([
      { type: 'tool', toolName: 'Read', toolOutput: 'line one\nline two\n', durationMs: 2, isError: false },
      { type: 'tool', toolName: 'Edit', toolOutput: expect.stringContaining('+line 2'), durationMs: 10 },
    ])
  })

  test('leaves the tools of subagents to their own transcripts', () => {
    const replay = replayed('i-agent')
    const [id = ''] = replay.sessions.keys()
    expect(toolsOf(replay.conversation(id))).toEqual(['Agent'])
    expect(replay.sessions.get(id)?.subagents).toMatchObject([
      { agentType: 'general-purpose', endedAt: expect.any(Number) },
    ])
  })

  test('is not done while a subagent works in the background', () => {
    const replay = new Replay()
    const seen: string[] = []
    for (const body of recordedBodies('v329-p-agent')) {
      replay.post(body)
      if (body.includes('"Stop"')) seen.push(trailOf(replay).at(-1) ?? '')
    }
    expect(seen).toEqual(['working', 'waiting'])
  })

  test('is compacted once, and goes on as the same session; clearing starts another one', () => {
    const replay = replayed('i-compact-clear')
    const [first, second] = [...replay.sessions.values()]
    expect(first).toMatchObject({
      compactCount: 1,
      promptCount: 3,
      phase: { name: 'ended', reason: 'clear' },
      subagents: [],
    })
    expect(second).toMatchObject({ compactCount: 0, promptCount: 1, phase: { name: 'ended' }, source: 'clear' })
  })

  test('is followed to its directory', () => {
    const [state] = replayed('i-misc').sessions.values()
    expect(state).toMatchObject({
      projectPath: '/home/dev/projX',
      currentCwd: '/home/dev/projX/sub',
      permissionMode: 'acceptEdits',
    })
  })

  test('that was forked is another one, whatever the start said', () => {
    const listed = [...replayed('i-fork').sessions.values()].filter((state) => state.listed)
    expect(listed).toHaveLength(1)
    expect(listed[0]).toMatchObject({ promptCount: 1 })
  })
})

describe('a permission that real CLIs were answered through a hook', () => {
  test.each(decisions)('%s ends with nothing to answer', (name) => {
    const replay = new Replay()
    for (const [at, step] of recordedDecision(name).entries()) {
      if (step.body) replay.post(asPosted(step.body, `${name}-${at}`))
      if (!step.aborted) continue
      const [state] = [...replay.sessions.values()].filter(({ approvals }) => approvals.length > 0)
      const [approval] = state?.approvals ?? []
      replay.apply(state?.id ?? '', { type: 'approval_withdrawn', requestId: null, eventId: approval?.eventId ?? null })
    }
    for (const { approvals } of replay.sessions.values()) expect(approvals).toEqual([])
  })
})

/** Scenarios whose only transcript goes by the same name. */
const whole = scenarios.filter((scenario) => transcripts.includes(scenario))

describe('hooks and transcript together', () => {
  test.each(whole)('%s: whichever comes first, the conversation holds the same rows, each once', (scenario) => {
    const bytes = recordedTranscript(scenario)
    const bodies = recordedBodies(scenario)
    const hooksFirst = new Replay()
    for (const body of bodies) hooksFirst.post(body)
    const id = listedId(hooksFirst)
    hooksFirst.read(id, bytes)
    const transcriptFirst = new Replay()
    for (const [at, body] of bodies.entries()) {
      transcriptFirst.post(body)
      if (at === 1) transcriptFirst.read(id, bytes)
    }
    expect(rowsOf(hooksFirst.conversation(id))).toEqual(rowsOf(transcriptFirst.conversation(id)))
    for (const row of hooksFirst.conversation(id)) {
      if (row.type === 'tool') expect(row.toolOutput).not.toBeNull()
    }
  })

  test('a denial in the terminal, which fires no hook, ends the turn', () => {
    const replay = new Replay()
    const bodies = recordedBodies('i-perm-no')
    for (const body of bodies.slice(0, -1)) replay.post(body)
    const id = listedId(replay)
    expect(trailOf(replay).at(-1)).toBe('permission')
    replay.read(id, recordedTranscript('i-perm-no'))
    expect(trailOf(replay).at(-1)).toBe('waiting')
    expect(replay.conversation(id).find(({ type }) => type === 'tool')).toMatchObject({
      isError: true,
      toolOutput: expect.stringContaining("doesn't want"),
    })
  })
})

function listedId(replay: Replay): string {
  const [id = ''] = [...replay.sessions.values()].filter(({ listed }) => listed).map((state) => state.id)
  return id
}
