/** `claude -p` is seen by clients as it works. */
import { expect } from 'bun:test'
import { claudeTest } from './claude-test.ts'
import { conversationOf, toolRows } from './conversation.ts'

const HELLO = ['user: [s:plain] Hello', 'assistant: Hello from the scripted model.']

claudeTest('a prompt is shown while the model thinks, its answer when it comes', async ({ model, print, serve }) => {
  const client = await serve()
  const thinking = model.hold('plain')
  const run = print('[s:plain] Hello')
  await thinking.reached()
  const { session } = await client.expect('session_created')
  expect(session).toMatchObject({ provider: 'claude', status: 'active' })
  await client.follow(session.id)
  const working = await client.waitForView(
    session.id,
    'working on the prompt',
    (view) => view.work_status === 'working',
  )
  expect(working.first_prompt).toBe('[s:plain] Hello')

  thinking.open()
  await run.answer()
  const ended = await client.waitForView(session.id, 'its end', ({ status }) => status === 'ended')
  expect(conversationOf(ended)).toEqual(HELLO)
})

claudeTest('tool calls carry their output and duration', async ({ print, serve }) => {
  const client = await serve()
  await print('[s:two-steps] Go', '--allowedTools', 'Bash').answer()
  const { session_id } = await client.expect('session_ended')
  const view = await client.follow(session_id)
  expect(conversationOf(view)).toEqual([
    'user: [s:two-steps] Go',
    'assistant: First step.',
    'Bash: first',
    'assistant: Second step.',
    'Bash: second',
    'assistant: Both steps are done.',
  ])
  for (const { duration_ms, tool_input } of toolRows(view)) {
    expect(duration_ms).toBeGreaterThanOrEqual(0)
    expect(tool_input).toContain('"command"')
  }
})

claudeTest('a failing tool is shown as failed', async ({ print, serve }) => {
  const client = await serve()
  await print('[s:bash-fails] Go', '--allowedTools', 'Bash').answer()
  const { session_id } = await client.expect('session_ended')
  const [row] = toolRows(await client.follow(session_id))
  expect(row).toMatchObject({ tool_name: 'Bash', is_error: true, tool_output: expect.stringContaining('oops') })
})

claudeTest('tools that run side by side each keep their own output', async ({ print, serve }) => {
  const client = await serve()
  await print('[s:parallel] Go', '--allowedTools', 'Bash', 'Read').answer()
  const { session_id } = await client.expect('session_ended')
  const rows = toolRows(await client.follow(session_id))
  const outputOf = (part: string) => rows.find(({ tool_input }) => tool_input?.includes(part))?.tool_output?.trim()
  expect(rows).toHaveLength(3)
  expect(outputOf('echo one')).toBe('one')
  expect(outputOf('echo two')).toBe('two')
  expect(outputOf('README.md')).toContain('# A project')
})

claudeTest('a subagent is shown, and its tools are not taken for those of the session', async ({ print, serve }) => {
  const client = await serve()
  await print('[s:agent] Go', '--allowedTools', 'Bash', 'Agent').answer()
  const { session_id } = await client.expect('session_ended')
  const view = await client.follow(session_id)
  expect(toolRows(view).map(({ tool_name }) => tool_name)).toEqual(['Agent'])
  expect(view.subagents).toEqual([
    expect.objectContaining({ agent_type: 'general-purpose', ended_at: expect.any(String) }),
  ])
})

claudeTest('an answer that the service refuses is shown as an error', async ({ print, serve }) => {
  const client = await serve()
  await print('[s:error-400] Go').exited()
  const { session_id } = await client.expect('session_ended')
  const view = await client.follow(session_id)
  expect(view.last_message).toContain('scripted bad request')
})
