/** What a driven Claude asks is answered by clients, whatever the hooks of the same session do. */
import { expect } from 'bun:test'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApprovalRequest } from '../../src/protocol/model/approval.ts'
import type { SessionState } from '../../src/protocol/model/session.ts'
import type { ScriptName } from '../support/model-server/scripts.ts'
import type { TestClient } from '../support/test-client.ts'
import { conversationOf, toolRows, turnEndedWith } from './conversation.ts'
import { type DirectWorld, directTest, type Wishes } from './direct-world.ts'

interface Asking {
  readonly client: TestClient
  readonly id: string
  readonly request: ApprovalRequest
  /** Decides about the request. */
  decide(decision: string, more?: { message?: string; updated_input?: unknown }): void
}

/** A session whose agent has come to a prompt. */
async function askedIn({ serve, createSession }: DirectWorld, script: ScriptName, wishes?: Wishes): Promise<Asking> {
  const client = await serve()
  const { id } = await createSession(client, wishes)
  client.send({ type: 'send_message', session_id: id, content: `[s:${script}] Go` })
  const request = await pending(client, id)
  const decide: Asking['decide'] = (decision, more = {}) =>
    client.send({ type: 'approve_tool', session_id: id, request_id: request.id, decision, ...more })
  return { client, id, request, decide }
}

async function pending(client: TestClient, id: string): Promise<ApprovalRequest> {
  const isAsking = (view: SessionState) =>
    view.pending_approval !== null && (view.work_status === 'permission' || view.work_status === 'question')
  const { pending_approval } = await client.waitForView(id, 'a prompt', isAsking)
  if (!pending_approval) throw new Error('nothing is pending')
  return pending_approval
}

directTest('a permission lets the command run, once', async (world) => {
  const { client, id, request, decide } = await askedIn(world, 'bash-writes')
  expect(request).toMatchObject({ type: 'exec', command: 'touch made-by-bash.txt && echo made', answerable: true })
  expect(client.view(id).work_status).toBe('permission')
  decide('approved')
  const view = await turnEndedWith(client, id, 'The file is there.')
  expect(conversationOf(view)).toContain('Bash: made')
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(true)
  decide('approved')
  expect(await client.expect('error')).toMatchObject({ code: 'approval_gone', session_id: id })
  expect(client.frames.filter(({ type }) => type === 'session_created')).toHaveLength(1)
})

directTest('a refusal is a refusal, and tells the model why', async (world) => {
  const { client, id, decide } = await askedIn(world, 'bash-writes')
  decide('denied', { message: 'Use the other directory.' })
  const view = await turnEndedWith(client, id, 'The file is there.')
  expect(toolRows(view)).toEqual([
    expect.objectContaining({ is_error: true, tool_output: expect.stringContaining('Use the other directory.') }),
  ])
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
})

directTest('an abort refuses and ends the turn, and the session goes on', async (world) => {
  const { client, id, decide } = await askedIn(world, 'bash-writes')
  decide('abort')
  const view = await client.waitForView(id, 'the end of the turn', ({ work_status }) => work_status === 'waiting')
  expect(view).toMatchObject({ pending_approval: null, turn_count: 1 })
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, 'Hello from the scripted model.')
  expect(client.view(id).turn_count).toBe(2)
})

directTest('a permission for the session is not asked for again, and stands in no file', async (world) => {
  const { client, id, decide } = await askedIn(world, 'bash-unusual')
  decide('approved_for_session')
  await turnEndedWith(client, id, 'It is done.')
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-unusual] Again' })
  const isOver = (view: Parameters<typeof toolRows>[0]) => toolRows(view).length === 2 && view.work_status === 'waiting'
  await client.waitForView(id, 'a second run', isOver)
  expect(client.frames.filter(({ type }) => type === 'approval_requested')).toHaveLength(1)
  expect(existsSync(join(world.home.project, '.claude', 'settings.local.json'))).toBe(false)
})

directTest('a permission for good stands in the settings of the project', async (world) => {
  const { client, id, decide } = await askedIn(world, 'bash-unusual')
  decide('approved_always')
  await turnEndedWith(client, id, 'It is done.')
  const settings = JSON.parse(readFileSync(join(world.home.project, '.claude', 'settings.local.json'), 'utf8'))
  expect(settings.permissions.allow).toEqual([expect.stringContaining('Bash')])
})

directTest('an edit is shown as its diff, and made when it is approved', async (world) => {
  const { client, id, request, decide } = await askedIn(world, 'edit')
  const file_path = join(world.home.project, 'notes.txt')
  expect(request).toMatchObject({ type: 'patch', file_path })
  expect(request.diff?.split('\n')).toEqual(expect.arrayContaining(['-line two', '+line 2']))
  decide('approved')
  await turnEndedWith(client, id, 'Edited notes.txt.')
  expect(readFileSync(file_path, 'utf8')).toBe('line one\nline 2\n')
})

directTest('an input that a person has changed is the one that runs', async (world) => {
  const { client, id, decide } = await askedIn(world, 'bash-writes')
  decide('approved', { updated_input: { command: 'echo something else', description: 'Changed' } })
  const view = await turnEndedWith(client, id, 'The file is there.')
  expect(conversationOf(view)).toContain('Bash: something else')
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
})

directTest('a question is answered', async (world) => {
  const { client, id, request } = await askedIn(world, 'ask')
  expect(request).toMatchObject({ type: 'question', question: 'Which database?' })
  expect(client.view(id).work_status).toBe('question')
  client.send({ type: 'answer_question', session_id: id, request_id: request.id, answer: 'Postgres' })
  const view = await turnEndedWith(client, id, 'Thanks for the answer.')
  expect(toolRows(view)[0]).toMatchObject({ tool_output: 'Which database? Postgres', is_error: false })
})

directTest('several questions are answered at once', async (world) => {
  const { client, id, request } = await askedIn(world, 'ask-two')
  const answer = JSON.stringify({ 'Which database?': 'sqlite', Language: ['TypeScript', 'Go'] })
  client.send({ type: 'answer_question', session_id: id, request_id: request.id, answer })
  const view = await turnEndedWith(client, id, 'Thanks for both answers.')
  expect(toolRows(view)[0]?.tool_output?.split('\n')).toEqual([
    'Which database? SQLite',
    'Which languages? TypeScript, Go',
  ])
})

directTest('a plan is approved, and the mode changes with it', async (world) => {
  const { client, id, request, decide } = await askedIn(world, 'plan', { permission_mode: 'plan' })
  expect(request).toMatchObject({ type: 'question', question: expect.stringContaining('2. Test it') })
  decide('approved')
  const view = await turnEndedWith(client, id, 'The plan was approved.')
  expect(toolRows(view).map(({ tool_name, is_error }) => [tool_name, is_error])).toEqual([
    ['Write', false],
    ['ExitPlanMode', false],
  ])
  expect(view.permission_mode).toBe('default')
})

directTest('an interrupt takes back what was asked', async (world) => {
  const { client, id } = await askedIn(world, 'bash-writes')
  client.send({ type: 'interrupt_session', session_id: id })
  const view = await client.waitForView(id, 'the end of the turn', ({ work_status }) => work_status === 'waiting')
  expect(view.pending_approval).toBeNull()
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
})

directTest('what a subagent asks is answered, too', async (world) => {
  const { client, id, request, decide } = await askedIn(world, 'agent-writes')
  expect(request).toMatchObject({ type: 'exec', command: 'touch made-by-bash.txt && echo made' })
  decide('approved')
  const view = await turnEndedWith(client, id, 'The subagent wrote.')
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(true)
  expect(toolRows(view).map(({ tool_name }) => tool_name)).toEqual(['Agent'])
  expect(view.subagents).toEqual([expect.objectContaining({ agent_type: 'general-purpose' })])
})

directTest('a hook of the user that answers first closes what clients were asked', async (world) => {
  world.allowByHook()
  const { client, id, decide } = await askedIn(world, 'bash-writes')
  writeFileSync(join(world.home.project, 'go'), '')
  const view = await turnEndedWith(client, id, 'The file is there.')
  expect(conversationOf(view)).toContain('Bash: made')
  decide('denied')
  expect(await client.expect('error')).toMatchObject({ code: 'approval_gone', session_id: id })
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(true)
})

directTest('a client that answers before such a hook is heard', async (world) => {
  world.allowByHook()
  const { client, id, decide } = await askedIn(world, 'bash-writes')
  decide('denied')
  const view = await turnEndedWith(client, id, 'The file is there.')
  expect(toolRows(view)[0]?.is_error).toBe(true)
  writeFileSync(join(world.home.project, 'go'), '')
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
})
