/** A Claude in somebody's terminal is seen by clients as it works. */
import { expect } from 'bun:test'
import { claudeTest } from './claude-test.ts'
import { conversationOf, toolRows, turnEndedWith } from './conversation.ts'

claudeTest('a prompt is shown at once, its answer when it comes, and the end with the program', async (world) => {
  const client = await world.serve()
  const terminal = await world.interactive()
  const thinking = world.model.hold('plain')
  await terminal.submit('[s:plain] Hello')
  const { session } = await client.expect('session_created')
  await client.follow(session.id)
  const working = await client.waitForView(session.id, 'work', ({ work_status }) => work_status === 'working')
  expect(working.first_prompt).toBe('[s:plain] Hello')

  thinking.open()
  await turnEndedWith(client, session.id, 'Hello from the scripted model.')
  await terminal.submit('/exit')
  const { reason } = await client.expect('session_ended')
  expect(reason).toBe('prompt_input_exit')
})

claudeTest('tool calls of a terminal carry their output and duration', async (world) => {
  const client = await world.serve()
  const terminal = await world.interactive('--allowedTools', 'Bash')
  await terminal.submit('[s:two-steps] Go')
  const { session } = await client.expect('session_created')
  await client.follow(session.id)
  const view = await turnEndedWith(client, session.id, 'Both steps are done.')
  expect(toolRows(view).map(({ tool_output, is_error }) => [tool_output?.trim(), is_error])).toEqual([
    ['first', false],
    ['second', false],
  ])
  for (const { duration_ms } of toolRows(view)) expect(duration_ms).toBeGreaterThanOrEqual(0)
})

claudeTest('/clear ends one session, and the next prompt begins another', async (world) => {
  const client = await world.serve()
  const terminal = await world.interactive()
  await terminal.submit('[s:plain] Hello')
  const first = (await client.expect('session_created')).session
  await client.follow(first.id)
  // What is entered in the moment in which a turn ends may be lost.
  await turnEndedWith(client, first.id, 'Hello from the scripted model.')
  await terminal.submit('/clear')
  expect(await client.expect('session_ended')).toMatchObject({ session_id: first.id, reason: 'clear' })
  await terminal.waitForNoText('Hello from the scripted model.')
  await terminal.submit('[s:plain] Once more')
  const second = (await client.expect('session_created', ({ session }) => session.id !== first.id)).session
  expect(second.project_path).toBe(first.project_path)
})

claudeTest(
  'a subagent in the background keeps the session at work, and its report is no prompt of a person',
  async (world) => {
    const client = await world.serve()
    const terminal = await world.interactive('--allowedTools', 'Bash', 'Agent')
    const inside = world.model.hold('inside-agent')
    await terminal.submit('[s:agent-background] Go')
    const { session } = await client.expect('session_created')
    await client.follow(session.id)
    await inside.reached()
    // The time that the turn took is shown once its hooks have run.
    await terminal.waitForText(/The agent is on its way\..*✻ \S+ for \d/s)
    expect((await (await world.server.client()).follow(session.id)).work_status).toBe('working')

    inside.open()
    const view = await turnEndedWith(client, session.id, 'The agent is back.')
    expect(conversationOf(view).filter((line) => line.startsWith('user:'))).toEqual(['user: [s:agent-background] Go'])
  },
)
