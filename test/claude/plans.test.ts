/** Plans, and the modes in which permissions are given. */
import { expect } from 'bun:test'
import { claudeTest } from './claude-test.ts'
import { toolRows, turnEndedWith } from './conversation.ts'
import { prompted, soon } from './seen-session.ts'

const DIALOG = 'Would you like to proceed?'

claudeTest('a plan is sent back by a client, and refused in the terminal', async (world) => {
  const seen = await prompted(world, 'plan', '--permission-mode', 'plan')
  const { client, sessionId, terminal } = seen
  await terminal.waitForText(DIALOG)
  const { pending_approval, permission_mode } = await soon(seen, 'question')
  expect(permission_mode).toBe('plan')
  const request_id = pending_approval?.id ?? ''
  client.send({ type: 'approve_tool', session_id: sessionId, request_id, decision: 'denied', message: 'Shorter.' })
  await turnEndedWith(client, sessionId, 'The plan was approved.')
  expect(toolRows(client.view(sessionId)).at(-1)).toMatchObject({ is_error: true, tool_output: 'Shorter.' })
  await terminal.waitForNoText(DIALOG)

  await terminal.submit('[s:plan-again] Again')
  await terminal.waitForText(DIALOG)
  await soon(seen, 'question')
  await terminal.pressUntilGone('escape', DIALOG)
  await soon(seen, 'waiting')
})

claudeTest(
  'a mode that is switched shows with the next event: edits without a question, and a plan that is approved',
  async (world) => {
    const seen = await prompted(world, 'plain')
    const { client, sessionId, terminal } = seen
    await turnEndedWith(client, sessionId, 'Hello from the scripted model.')
    expect(client.view(sessionId).permission_mode).toBe('default')
    terminal.press('backTab')
    await terminal.waitForText('accept edits on')
    await terminal.submit('[s:edit] Go')
    const view = await turnEndedWith(client, sessionId, 'Edited notes.txt.')
    expect(view.permission_mode).toBe('acceptEdits')
    expect(toolRows(view).map(({ tool_name, is_error }) => [tool_name, is_error])).toEqual([
      ['Read', false],
      ['Edit', false],
    ])
    expect(client.frames.some(({ type }) => type === 'approval_requested')).toBe(false)
    terminal.press('backTab')
    await terminal.waitForText('plan mode on')
    await terminal.submit('[s:plan] Again')
    await terminal.waitForText(DIALOG)
    expect((await soon(seen, 'question')).permission_mode).toBe('plan')
    const thinking = world.model.hold('plan', 2)
    await terminal.pressUntilGone('enter', DIALOG)
    await thinking.reached()
    expect((await soon(seen, 'working')).permission_mode).not.toBe('plan')
    thinking.open()
    await turnEndedWith(client, sessionId, 'The plan was approved.')
  },
)
