/** Prompts of a Claude that runs in somebody's terminal are answered from any client, through the hook that waits. */
import { expect } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApprovalRequest } from '../../src/protocol/model/approval.ts'
import type { SessionState } from '../../src/protocol/model/session.ts'
import type { ScriptName } from '../support/model-server/scripts.ts'
import type { Terminal } from '../support/terminal.ts'
import type { TestClient } from '../support/test-client.ts'
import { type ClaudeWorld, claudeTest } from './claude-test.ts'
import { conversationOf, toolRows, turnEndedWith } from './conversation.ts'

interface Asking {
  readonly client: TestClient
  readonly terminal: Terminal
  readonly sessionId: string
  readonly request: ApprovalRequest
}

/** A session in a terminal that has come to a prompt, and a client that sees it. */
async function askedIn({ serve, interactive }: ClaudeWorld, script: ScriptName, ...args: string[]): Promise<Asking> {
  const client = await serve()
  const terminal = await interactive(...args)
  await terminal.submit(`[s:${script}] Go`)
  const { session } = await client.expect('session_created')
  await client.follow(session.id)
  return { client, terminal, sessionId: session.id, request: await pending(client, session.id) }
}

async function pending(client: TestClient, sessionId: string): Promise<ApprovalRequest> {
  const isAsking = ({ pending_approval, work_status }: SessionState) =>
    pending_approval !== null && (work_status === 'permission' || work_status === 'question')
  const { pending_approval } = await client.waitForView(sessionId, 'a prompt', isAsking)
  if (!pending_approval) throw new Error('nothing is pending')
  return pending_approval
}

claudeTest('a permission given by a client closes the dialog, and the command runs', async (world) => {
  const { client, terminal, sessionId, request } = await askedIn(world, 'bash-writes')
  expect(request).toMatchObject({ type: 'exec', command: 'touch made-by-bash.txt && echo made' })
  expect(client.view(sessionId).work_status).toBe('permission')

  client.send({ type: 'approve_tool', session_id: sessionId, request_id: request.id, decision: 'approved' })
  await terminal.waitForText('Allowed by PermissionRequest hook')
  const view = await turnEndedWith(client, sessionId, 'The file is there.')
  expect(conversationOf(view)).toContain('Bash: made')
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(true)
})

claudeTest('a refusal tells the model why, and the turn goes on', async (world) => {
  const { client, sessionId, request } = await askedIn(world, 'bash-writes')
  const message = 'Use the other directory.'
  client.send({ type: 'approve_tool', session_id: sessionId, request_id: request.id, decision: 'denied', message })
  const view = await turnEndedWith(client, sessionId, 'The file is there.')
  expect(toolRows(view)).toEqual([
    expect.objectContaining({ is_error: true, tool_output: expect.stringContaining(message) }),
  ])
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
})

claudeTest('an abort ends the turn', async (world) => {
  const { client, terminal, sessionId, request } = await askedIn(world, 'bash-writes')
  client.send({ type: 'approve_tool', session_id: sessionId, request_id: request.id, decision: 'abort' })
  await terminal.waitForText(/Interrupted/)
  const view = await client.waitForView(
    sessionId,
    'the end of the turn',
    ({ work_status }) => work_status === 'waiting',
  )
  expect(view.pending_approval).toBeNull()
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
})

claudeTest(
  'a permission given for good is not asked for again, and stands in the settings of the project',
  async (world) => {
    const { client, terminal, sessionId, request } = await askedIn(world, 'bash-unusual')
    client.send({ type: 'approve_tool', session_id: sessionId, request_id: request.id, decision: 'approved_always' })
    await turnEndedWith(client, sessionId, 'It is done.')
    const settings = JSON.parse(readFileSync(join(world.home.project, '.claude', 'settings.local.json'), 'utf8'))
    expect(settings.permissions.allow).toEqual([expect.stringContaining('Bash')])

    await terminal.submit('[s:bash-unusual] Again')
    await client.waitForView(
      sessionId,
      'a second run',
      (view) => toolRows(view).length === 2 && view.work_status === 'waiting',
    )
    expect(client.frames.filter(({ type }) => type === 'approval_requested')).toHaveLength(1)
  },
)

claudeTest('a question is answered by a client', async (world) => {
  const { client, terminal, sessionId, request } = await askedIn(world, 'ask')
  expect(request).toMatchObject({ type: 'question', question: expect.stringContaining('Which database?') })
  expect(client.view(sessionId).work_status).toBe('question')

  client.send({ type: 'answer_question', session_id: sessionId, request_id: request.id, answer: 'Postgres' })
  await terminal.waitForText('Which database? → Postgres')
  const view = await turnEndedWith(client, sessionId, 'Thanks for the answer.')
  expect(toolRows(view)).toEqual([
    expect.objectContaining({ tool_name: 'AskUserQuestion', tool_output: expect.stringContaining('Postgres') }),
  ])
})

// 2.1.329 leaves its dialog open when a plan is allowed without `updatedInput`, which the waiting hook does not give yet.
claudeTest('a plan is approved by a client', async (world) => {
  const { client, sessionId, request } = await askedIn(world, 'plan', '--permission-mode', 'plan')
  expect(request).toMatchObject({ type: 'question', question: expect.stringContaining('2. Test it') })

  client.send({ type: 'approve_tool', session_id: sessionId, request_id: request.id, decision: 'approved' })
  const view = await turnEndedWith(client, sessionId, 'The plan was approved.')
  expect(toolRows(view).map(({ tool_name, is_error }) => [tool_name, is_error])).toEqual([
    ['Write', false],
    ['ExitPlanMode', false],
  ])
})

claudeTest('a prompt that is answered in the terminal is no longer shown as pending', async (world) => {
  const { client, terminal, sessionId } = await askedIn(world, 'bash-writes')
  await terminal.waitForText('Do you want to proceed?')
  await terminal.pressUntilGone('enter', 'Do you want to proceed?')
  const view = await turnEndedWith(client, sessionId, 'The file is there.')
  expect(conversationOf(view)).toContain('Bash: made')
})

claudeTest('a prompt that is refused in the terminal is no longer shown as pending', async (world) => {
  const { client, terminal, sessionId } = await askedIn(world, 'bash-writes')
  await terminal.waitForText('Do you want to proceed?')
  await terminal.pressUntilGone('escape', 'Do you want to proceed?')
  const isOver = (view: { pending_approval: unknown }) => view.pending_approval === null
  await client.waitForView(sessionId, 'no prompt', isOver)
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(false)
})
