import { expect, test } from 'bun:test'
import { driverOf, isOfSomebodyElse } from '../../src/actors/driven-hooks.ts'
import { cannotResume } from '../../src/actors/resumable.ts'
import { claudeArguments } from '../../src/connectors/claude/launch.ts'
import { eventsBeside } from '../../src/hooks/driven.ts'
import { hookOf } from '../../src/hooks/hook.ts'
import { aDirectSession, anEndedSession, aSession } from '../support/builders.ts'
import { processesComing } from '../support/processes.ts'

function hook(body: Readonly<Record<string, unknown>>) {
  const found = hookOf('claude_status_event', { session_id: 'theirs', hook_event_name: 'UserPromptSubmit', ...body })
  if (!found) throw new Error('no hook')
  return found
}

/** No system gives so high a number. */
const GONE_PID = 2 ** 30
const never = () => false
const always = () => true

/** A process with the command line of an agent of ours. */
async function agentLookalike() {
  const conversationId = crypto.randomUUID()
  const launch = { sessionId: 'ours', conversationId, resumes: false, model: null, permissionMode: null }
  const args = claudeArguments({ ...launch, allowedTools: [], disallowedTools: [] })
  const process = Bun.spawn(['/bin/sh', '-c', 'while :; do sleep 600; done', 'claude', ...args], { detached: true })
  const end = async () => {
    globalThis.process.kill(-process.pid, 'SIGKILL')
    await process.exited
  }
  // For a moment it still has the command line of the one that starts it.
  await processesComing(conversationId)
  return { pid: process.pid, [Symbol.asyncDispose]: end }
}

test('a hook under another id belongs to the session that drives its process', async () => {
  await using agent = await agentLookalike()
  expect(driverOf(hook({ orbitdock_session_id: 'ours', pid: agent.pid }), never)).toBe('ours')
})

test('a Claude that a driven one has started inherits the name only', () => {
  expect(driverOf(hook({ orbitdock_session_id: 'ours', pid: process.pid }), always)).toBeNull()
  expect(driverOf(hook({ orbitdock_session_id: 'theirs', pid: process.pid }), always)).toBeNull()
  expect(driverOf(hook({ pid: process.pid }), always)).toBeNull()
})

test('where the process has gone, what is stored tells whose conversation it was', () => {
  const late = hook({ orbitdock_session_id: 'ours', pid: GONE_PID })
  expect(driverOf(late, (driver, conversation) => driver === 'ours' && conversation === 'theirs')).toBe('ours')
  expect(driverOf(late, never)).toBeNull()
})

test('a hook without our name shows that somebody else goes on, unless it only ends', () => {
  expect(isOfSomebodyElse('theirs', hook({ pid: 7 }))).toBe(true)
  expect(isOfSomebodyElse('theirs', hook({ pid: 7, orbitdock_session_id: 'theirs' }))).toBe(false)
  expect(isOfSomebodyElse('theirs', hook({}))).toBe(false)
  expect(isOfSomebodyElse('theirs', hook({ pid: 7, hook_event_name: 'SessionEnd' }))).toBe(false)
})

test('hooks of a driven agent say where its transcript is and who works for it, and nothing else', () => {
  const subagent = { type: 'subagent_started', agentId: 'a1', agentType: 'Explore' } as const
  const described = {
    type: 'session_described',
    quiet: false,
    cwd: '/x',
    source: 'startup',
    transcriptPath: '/t',
  } as const
  const started = { type: 'turn_started' } as const
  expect(eventsBeside([described, started, subagent])).toEqual([
    { type: 'session_described', quiet: true, transcriptPath: '/t' },
    subagent,
  ])
})

test('a session goes on here only where nobody else has it', () => {
  const nobody = { holderOf: () => null, isElsewhere: () => false }
  const code = (state: Parameters<typeof cannotResume>[1], liveness = nobody as Parameters<typeof cannotResume>[2]) =>
    cannotResume('s1', state, liveness)?.code
  expect(code(undefined)).toBe('not_found')
  expect(code(aDirectSession())).toBe('already_active')
  expect(code(anEndedSession())).toBeUndefined()
  expect(code(aSession())).toBeUndefined()
  expect(code(aSession(), { ...nobody, holderOf: () => 7 })).toBe('already_active')
  expect(code(anEndedSession(), { ...nobody, isElsewhere: () => true })).toBe('already_active')
  expect(code(anEndedSession({ provider: 'codex' }))).toBe('not_supported')
})
