/** Subagents as clients see them: in front, side by side, behind, one inside the other; and the plan that Claude keeps. */
import { expect } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState, SubagentInfo } from '../../src/protocol/model/session.ts'
import type { ScriptName } from '../support/model-server/scripts.ts'
import type { Terminal } from '../support/terminal.ts'
import type { TestClient } from '../support/test-client.ts'
import { type ClaudeWorld, claudeTest } from './claude-test.ts'
import { conversationOf, toolRows } from './conversation.ts'

/** Milliseconds for one step of Claude, on a machine that is busy. */
const PATIENCE_MS = 40_000

interface Seen {
  readonly client: TestClient
  readonly terminal: Terminal
  readonly sessionId: string
}

/** A session in a terminal to which somebody has given a prompt, and a client that follows it. */
async function prompted({ serve, interactive }: ClaudeWorld, script: ScriptName, ...args: string[]): Promise<Seen> {
  const client = await serve()
  const terminal = await interactive(...args)
  await terminal.submit(`[s:${script}] Go`)
  const { session } = await client.expect('session_created', () => true, PATIENCE_MS)
  await client.follow(session.id)
  return { client, terminal, sessionId: session.id }
}

const ALLOWED = ['--allowedTools', 'Bash', 'Agent'] as const

/** What a client sees once the subagents are as `isRight` wants them. */
function subagentsThat(
  { client, sessionId }: Pick<Seen, 'client' | 'sessionId'>,
  wish: string,
  isRight: (subagents: readonly SubagentInfo[], view: SessionState) => boolean,
): Promise<SessionState> {
  return client.waitForView(sessionId, wish, (view) => isRight(view.subagents ?? [], view), PATIENCE_MS)
}

const isStatus =
  (status: SubagentInfo['status'], count: number) =>
  (subagents: readonly SubagentInfo[]): boolean =>
    subagents.length === count && subagents.every((subagent) => subagent.status === status)

/** The subagent that was started with these words. */
function described(view: SessionState, description: string): SubagentInfo | undefined {
  return view.subagents?.find((subagent) => subagent.description === description)
}

/** The row of the call that started a subagent. */
function launchOf(view: SessionState, description: string) {
  return toolRows(view).find(({ tool_input }) => tool_input?.includes(description))
}

claudeTest('a subagent is told when it starts, works and ends', async ({ model, print, serve }) => {
  const inside = model.hold('inside-agent', 1)
  const client = await serve()
  const run = print('[s:agent] Go', ...ALLOWED)
  const { session } = await client.expect('session_created', () => true, PATIENCE_MS)
  await client.follow(session.id)
  const seen = { client, sessionId: session.id }
  await inside.reached(PATIENCE_MS)
  const working = await subagentsThat(seen, 'a subagent with a call', ([first]) => first?.tool_count === 1)
  expect(working.work_status).toBe('working')
  expect(working.subagents).toMatchObject([
    { agent_type: 'general-purpose', description: 'Explore the code', status: 'running', last_tool: 'Bash' },
  ])
  const [{ id } = { id: '' }] = working.subagents ?? []
  seen.client.send({ type: 'get_subagent_tools', session_id: seen.sessionId, subagent_id: id })
  const { tools } = await seen.client.expect('subagent_tools_list')
  expect(tools).toMatchObject([{ tool_name: 'Bash', summary: 'echo from-subagent' }])

  inside.open()
  await run.answer(PATIENCE_MS)
  const view = await subagentsThat(seen, 'the end of all', (_, { status }) => status === 'ended')
  expect(view.subagents).toMatchObject([
    { status: 'completed', background: false, last_message: 'All is well in here.', tool_count: 1 },
  ])
  expect(`${seen.sessionId}:${view.subagents?.[0]?.tool_use_id}`).toBe(launchOf(view, 'Explore the code')?.id ?? '')
  seen.client.send({ type: 'get_subagent_messages', session_id: seen.sessionId, subagent_id: id })
  const { messages } = await seen.client.expect('subagent_messages')
  expect(conversationOf({ ...view, messages })).toEqual([
    'user: [s:inside-agent] Look around.',
    'Bash: from-subagent',
    'assistant: All is well in here.',
  ])
  expect(conversationOf(view).filter((line) => line.includes('from-subagent'))).toEqual([])
})

claudeTest('subagents side by side each hang on their own call', async ({ print, serve }) => {
  const client = await serve()
  await print('[s:agents-parallel] Go', ...ALLOWED).answer(PATIENCE_MS)
  const { session_id } = await client.expect('session_ended', () => true, PATIENCE_MS)
  const view = await client.follow(session_id)
  expect(view.subagents).toHaveLength(2)
  for (const [description, words] of [
    ['First look', 'All is well in here.'],
    ['Second look', 'All is well over here.'],
  ] as const) {
    const subagent = described(view, description)
    expect(subagent).toMatchObject({ status: 'completed', last_message: words, tool_count: 1 })
    expect(`${session_id}:${subagent?.tool_use_id}`).toBe(launchOf(view, description)?.id ?? '')
  }
})

claudeTest('subagents in the background keep their session at work when the turn is over', async (world) => {
  const [one, other] = [world.model.hold('inside-agent', 1), world.model.hold('inside-other', 1)]
  const seen = await prompted(world, 'agents-background', ...ALLOWED)
  await Promise.all([one.reached(PATIENCE_MS), other.reached(PATIENCE_MS)])
  await seen.terminal.waitForText('Both are on their way.')
  const isSaid = ({ last_message }: SessionState) => last_message === 'Both are on their way.'
  const view = await subagentsThat(seen, 'both in the background', (subagents, said) => {
    return isStatus('running', 2)(subagents) && subagents.every(({ background }) => background) && isSaid(said)
  })
  expect(view.work_status).toBe('working')

  one.open()
  await subagentsThat(seen, 'the end of the first', (_, now) => described(now, 'First look')?.status === 'completed')
  expect(described(seen.client.view(seen.sessionId), 'Second look')?.status).toBe('running')
  other.open()
  const done = await subagentsThat(seen, 'the end of both', (subagents, now) => {
    return isStatus('completed', 2)(subagents) && now.work_status === 'waiting'
  })
  expect(described(done, 'Second look')?.last_message).toBe('All is well over here.')
  expect(conversationOf(done).filter((line) => line.startsWith('user:'))).toEqual(['user: [s:agents-background] Go'])
})

claudeTest('a subagent that starts another is its parent', async ({ print, serve }) => {
  const client = await serve()
  await print('[s:agent-nested] Go', ...ALLOWED).answer(PATIENCE_MS)
  const { session_id } = await client.expect('session_ended', () => true, PATIENCE_MS)
  const view = await client.follow(session_id)
  const [outer, inner] = [described(view, 'Outer look'), described(view, 'Inner look')]
  expect(outer).toMatchObject({ status: 'completed', last_message: 'The inner one reported back.', last_tool: 'Agent' })
  expect(inner).toMatchObject({ status: 'completed', parent_id: outer?.id })
  expect(outer).not.toHaveProperty('parent_id', expect.any(String))
  expect(toolRows(view).map(({ tool_name }) => tool_name)).toEqual(['Agent'])
})

claudeTest('a subagent that fails leaves its turn as it is', async ({ model, print, serve }) => {
  const client = await serve()
  const after = model.hold('agent-fails', 1)
  const run = print('[s:agent-fails] Go', ...ALLOWED)
  await after.reached(PATIENCE_MS)
  const { session } = await client.expect('session_created', () => true, PATIENCE_MS)
  await client.follow(session.id)
  const view = await subagentsThat({ client, sessionId: session.id }, 'its end', isStatus('failed', 1))
  expect(view.work_status).toBe('working')
  after.open()
  await run.answer(PATIENCE_MS)
  const { subagents } = await client.waitForView(session.id, 'the end', ({ status }) => status === 'ended')
  expect(subagents).toMatchObject([{ status: 'failed', description: 'Doomed look' }])
})

claudeTest('a subagent that is written to goes on', async ({ model, print, serve }) => {
  const client = await serve()
  const again = model.hold('inside-other', 1)
  const run = print('[s:agent-continues] Go', ...ALLOWED, 'SendMessage')
  await again.reached(PATIENCE_MS)
  const { session } = await client.expect('session_created', () => true, PATIENCE_MS)
  await client.follow(session.id)
  const seen = { client, sessionId: session.id }
  const view = await subagentsThat(seen, 'its second run', ([first]) => first?.tool_count === 2)
  expect(view.subagents).toMatchObject([{ status: 'running', background: true, description: 'Two looks' }])
  expect(`${session.id}:${view.subagents?.[0]?.tool_use_id}`).toBe(launchOf(view, 'Two looks')?.id ?? '')
  again.open()
  await run.answer(PATIENCE_MS)
  const ended = await client.waitForView(session.id, 'the end', ({ status }) => status === 'ended')
  expect(ended.subagents).toMatchObject([{ status: 'completed', last_message: 'All is well over here.' }])
})

claudeTest('what a subagent needs a permission for is asked in its name', async (world) => {
  const seen = await prompted(world, 'agent-writes')
  const isAsked = ({ pending_approval, work_status }: SessionState) =>
    pending_approval !== null && work_status === 'permission'
  const view = await seen.client.waitForView(seen.sessionId, 'a prompt', isAsked)
  const request = view.pending_approval
  expect(request).toMatchObject({ command: 'touch made-by-bash.txt && echo made', subagent_type: 'general-purpose' })
  expect(view.subagents?.map(({ id }) => id)).toEqual([request?.subagent_id ?? ''])
  seen.client.send({
    type: 'approve_tool',
    session_id: seen.sessionId,
    request_id: request?.id ?? '',
    decision: 'approved',
  })
  await subagentsThat(seen, 'its end', (now, { work_status }) => {
    return isStatus('completed', 1)(now) && work_status === 'waiting'
  })
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(true)
})

claudeTest('escape stops a subagent with its turn, but not one in the background', async (world) => {
  const inside = world.model.hold('inside-agent')
  const seen = await prompted(world, 'agent', ...ALLOWED)
  await inside.reached(PATIENCE_MS)
  const { subagents } = await subagentsThat(seen, 'a subagent', isStatus('running', 1))
  // In a terminal, 2.1.329 sends every subagent to the background.
  if (world.version === '2.1.329') {
    await seen.terminal.waitForText('Waiting for 1 background agent')
    seen.terminal.press('escape')
    await subagentsThat(seen, 'a subagent in the background', ([first]) => first?.background === true)
    inside.open()
    await subagentsThat(seen, 'its end', isStatus('completed', 1))
    return
  }
  expect(subagents).toMatchObject([{ background: false }])
  seen.terminal.press('escape')
  await subagentsThat(seen, 'its end', (now, view) => isStatus('stopped', 1)(now) && view.work_status === 'waiting')
})

claudeTest('a subagent ends with its session, also with kill -9', async (world) => {
  const inside = world.model.hold('inside-agent')
  const seen = await prompted(world, 'agent', ...ALLOWED)
  await inside.reached(PATIENCE_MS)
  await subagentsThat(seen, 'a subagent', isStatus('running', 1))
  process.kill(seen.terminal.pid, 'SIGKILL')
  await subagentsThat(seen, 'its end', (now, view) => isStatus('stopped', 1)(now) && view.status === 'ended')
})

claudeTest('subagents of a session without hooks are known from their files', async (world) => {
  await world.server.run('install-hooks', '--uninstall')
  const [one, other] = [world.model.hold('inside-agent', 1), world.model.hold('inside-other', 1)]
  const seen = await prompted(world, 'agents-background', ...ALLOWED)
  await Promise.all([one.reached(PATIENCE_MS), other.reached(PATIENCE_MS)])
  const view = await subagentsThat(seen, 'both with a call', (subagents) => {
    return isStatus('running', 2)(subagents) && subagents.every(({ tool_count }) => tool_count === 1)
  })
  expect(view).toMatchObject({ observed: 'transcript', work_status: 'working' })
  expect(described(view, 'First look')).toMatchObject({ agent_type: 'general-purpose', last_tool: 'Bash' })
  one.open()
  other.open()
  const done = await subagentsThat(seen, 'the end of both', (subagents, now) => {
    return isStatus('completed', 2)(subagents) && now.work_status === 'waiting'
  })
  expect(described(done, 'Second look')?.last_message).toBe('All is well over here.')
  expect(toolRows(done).map(({ tool_name }) => tool_name)).toEqual(['Agent', 'Agent'])
})

claudeTest('`claude -p` without hooks is at work as long as its subagents are', async (world) => {
  await world.server.run('install-hooks', '--uninstall')
  const [one, other] = [world.model.hold('inside-agent', 1), world.model.hold('inside-other', 1)]
  const client = await world.serve()
  const run = world.print('[s:agents-background] Go', ...ALLOWED)
  await Promise.all([one.reached(PATIENCE_MS), other.reached(PATIENCE_MS)])
  const { session } = await client.expect('session_created', () => true, PATIENCE_MS)
  await client.follow(session.id)
  await subagentsThat({ client, sessionId: session.id }, 'both at work', (subagents, view) => {
    const isTurnOver = view.last_message === 'Both are on their way.'
    return isStatus('running', 2)(subagents) && isTurnOver && view.work_status === 'working'
  })
  one.open()
  other.open()
  await run.answer(PATIENCE_MS)
  await client.waitForView(session.id, 'its end', (view) => {
    return isStatus('completed', 2)(view.subagents ?? []) && view.status === 'ended'
  })
})

const PLAN = [
  { step: 'Write tests', status: 'completed', id: '1' },
  { step: 'Fix all bugs', status: 'pending', id: '2' },
]

claudeTest(
  'the tasks that Claude keeps are the plan, also after a restart',
  async ({ print, serve, server, model }) => {
    const client = await serve()
    const begun = model.hold('tasks', 2)
    const run = print('[s:tasks] Go', '--allowedTools', 'TaskCreate', 'TaskUpdate', 'TaskList')
    await begun.reached(PATIENCE_MS)
    const { session } = await client.expect('session_created', () => true, PATIENCE_MS)
    await client.follow(session.id)
    const planOf = ({ current_plan }: SessionState) => JSON.parse(current_plan ?? 'null')
    const isBegun = (view: SessionState) => planOf(view)?.[0]?.status === 'inProgress'
    const view = await client.waitForView(session.id, 'a task in progress', isBegun)
    expect(planOf(view).map(({ step }: { step: string }) => step)).toEqual(['Write tests', 'Fix bugs', 'Dream'])
    begun.open()
    await run.answer(PATIENCE_MS)
    await client.expect('session_ended', () => true, PATIENCE_MS)
    expect(planOf(client.view(session.id))).toEqual(PLAN)
    await server.kill9()
    await server.start()
    expect(planOf(await (await server.client()).follow(session.id))).toEqual(PLAN)
  },
)

claudeTest('the tasks of a session without hooks are its plan, too', async ({ print, serve, server, model }) => {
  await server.run('install-hooks', '--uninstall')
  const client = await serve()
  const last = model.hold('tasks', 6)
  const run = print('[s:tasks] Go', '--allowedTools', 'TaskCreate', 'TaskUpdate', 'TaskList')
  await last.reached(PATIENCE_MS)
  const { session } = await client.expect('session_created', () => true, PATIENCE_MS)
  await client.follow(session.id)
  const isWhole = ({ current_plan }: SessionState) => current_plan === JSON.stringify(PLAN)
  await client.waitForView(session.id, 'the plan', isWhole)
  last.open()
  await run.answer(PATIENCE_MS)
})
