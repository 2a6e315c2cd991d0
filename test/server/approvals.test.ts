import { describe, expect, test } from 'bun:test'
import { asksPermission, prompt, stop, toolEnds, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import type { TestClient } from '../support/test-client.ts'

/** A session whose tool waits for permission, a client that sees it, and the post that waits. */
async function waiting(server: LocalServer, body: ReturnType<typeof asksPermission> = asksPermission('s1')) {
  await server.hook(prompt('s1'))
  await server.hook(toolStarts('s1', 't1', { tool_name: body.tool_name, tool_input: body.tool_input }))
  const client = await server.client()
  await client.follow('s1')
  const post = server.post(body, { wait: true })
  const { request } = await client.expect('approval_requested')
  return { client, post, request, body }
}

function approve(client: TestClient, request_id: string, decision: string, over: object = {}): void {
  client.send({ type: 'approve_tool', session_id: 's1', request_id, decision, ...over })
}

/** What a post was answered with. */
async function decisionOf(post: Promise<Response>): Promise<unknown> {
  const output = (await (await post).json()) as { hookSpecificOutput: { decision: unknown } }
  return output.hookSpecificOutput.decision
}

describe('a permission hook that waits', () => {
  test('is answered by a client, once', async () => {
    await using server = await LocalServer.start()
    const { client, post, request } = await waiting(server)
    expect(request).toMatchObject({ id: 't1', type: 'exec', command: 'ls' })
    approve(client, 't1', 'approved')
    expect(await decisionOf(post)).toEqual({ behavior: 'allow' })
    await client.waitForView(
      's1',
      'work',
      ({ work_status, pending_approval }) => work_status === 'working' && !pending_approval,
    )
    approve(client, 't1', 'denied')
    expect((await client.expect('error')).code).toBe('approval_gone')
    expect(server.read('SELECT decision FROM approval_history')).toEqual([{ decision: 'approved' }])
  })

  test.each([
    ['denied', { behavior: 'deny', message: 'not now' }],
    ['abort', { behavior: 'deny', message: 'not now', interrupt: true }],
    ['whatever', { behavior: 'deny', message: 'not now' }],
  ])('is refused by "%s"', async (decision, expected) => {
    await using server = await LocalServer.start()
    const { client, post } = await waiting(server)
    approve(client, 't1', decision, { message: 'not now' })
    expect(await decisionOf(post)).toEqual(expected)
  })

  test('for the session and for good passes on what Claude suggested', async () => {
    await using server = await LocalServer.start()
    const { client, post, body } = await waiting(server)
    approve(client, 't1', 'approved_always')
    expect(await decisionOf(post)).toEqual({ behavior: 'allow', updatedPermissions: body.permission_suggestions })
  })

  test('with a question is answered with words', async () => {
    await using server = await LocalServer.start()
    const questions = [
      { question: 'Which?', header: 'W', options: [{ label: 'One' }, { label: 'Two' }], multiSelect: false },
    ]
    const body = asksPermission('s1', { tool_name: 'AskUserQuestion', tool_input: { questions } })
    const { client, post, request } = await waiting(server, body)
    expect(request).toMatchObject({ type: 'question', question: 'Which?' })
    client.send({ type: 'answer_question', session_id: 's1', request_id: request.id, answer: 'two' })
    expect(await decisionOf(post)).toMatchObject({ behavior: 'allow', updatedInput: { answers: { 'Which?': 'Two' } } })
  })

  test('is let go when the user answers in the terminal', async () => {
    await using server = await LocalServer.start()
    const { client, post } = await waiting(server)
    await server.hook(toolEnds('s1', 't1'))
    expect((await post).status).toBe(204)
    await client.waitForView('s1', 'work', ({ work_status }) => work_status === 'working')
    await server.hook(stop('s1'))
    await client.waitForView('s1', 'rest', ({ work_status }) => work_status === 'waiting')
  })

  test('that Claude ends is withdrawn', async () => {
    await using server = await LocalServer.start()
    await server.hook(prompt('s1'))
    await server.hook(toolStarts('s1', 't1'))
    const client = await server.client()
    await client.follow('s1')
    const killed = new AbortController()
    const post = server.post(asksPermission('s1'), { wait: true, signal: killed.signal }).catch(() => 'killed')
    await client.expect('approval_requested')
    killed.abort()
    expect(await post).toBe('killed')
    await client.waitForView('s1', 'no prompt', ({ pending_approval }) => !pending_approval)
  })

  test('that asks again gets the same answer, and is no second prompt', async () => {
    await using server = await LocalServer.start()
    const { client, post, body } = await waiting(server)
    const again = server.post(body, { wait: true })
    approve(client, 't1', 'approved')
    expect(await decisionOf(post)).toEqual({ behavior: 'allow' })
    expect(await decisionOf(again)).toEqual({ behavior: 'allow' })
    expect(await decisionOf(server.post(body, { wait: true }))).toEqual({ behavior: 'allow' })
    expect(server.read('SELECT count(*) AS count FROM approval_history')).toEqual([{ count: 1 }])
  })

  test('is found again after a restart', async () => {
    const first = await LocalServer.start()
    const { post, body } = await waiting(first)
    await first.stop()
    expect((await post).status).toBe(503)
    await using server = await LocalServer.start({ home: first.home })
    const client = await server.client()
    expect(await client.followList()).toMatchObject([
      { id: 's1', work_status: 'permission', has_pending_approval: true },
    ])
    const session = await client.follow('s1')
    expect(session.pending_approval).toMatchObject({ id: 't1', answerable: false })
    approve(client, 't1', 'approved')
    expect((await client.expect('error')).code).toBe('answer_in_terminal')
    const again = server.post(body, { wait: true })
    await client.expect('approval_requested', ({ request }) => request.answerable !== false)
    approve(client, 't1', 'approved')
    expect(await decisionOf(again)).toEqual({ behavior: 'allow' })
  })

  test('without patience is shown, but only the terminal can answer it', async () => {
    await using server = await LocalServer.start()
    await server.hook(prompt('s1'))
    const client = await server.client()
    await client.follow('s1')
    expect(await server.hook(asksPermission('s1'))).toBe(204)
    const { request } = await client.expect('approval_requested')
    approve(client, request.id, 'approved')
    expect((await client.expect('error')).code).toBe('answer_in_terminal')
    await client.waitForView('s1', 'permission', ({ work_status }) => work_status === 'permission')
  })

  test('is one of several: the next is announced when the first is answered', async () => {
    await using server = await LocalServer.start()
    const { client, post } = await waiting(server)
    await server.hook(toolStarts('s1', 't2', { tool_input: { command: 'pwd' } }))
    const second = server.post(asksPermission('s1', { tool_input: { command: 'pwd' } }), { wait: true })
    approve(client, 't1', 'approved')
    await post
    await client.expect('approval_requested', ({ request }) => request.id === 't2')
    await client.waitForView('s1', 'permission', ({ work_status }) => work_status === 'permission')
    approve(client, 't2', 'approved')
    expect(await decisionOf(second)).toEqual({ behavior: 'allow' })
  })
})
