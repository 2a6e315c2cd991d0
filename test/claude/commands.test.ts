/** What a person types after a slash. */
import { expect } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claudeTest } from './claude-test.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { becomes, nextSession, prompted, soon } from './seen-session.ts'

const HELLO = 'Hello from the scripted model.'

claudeTest('/compact: the row works meanwhile, and the session goes on', async (world) => {
  const seen = await prompted(world, 'plain')
  const { client, sessionId, terminal } = seen
  await turnEndedWith(client, sessionId, HELLO)
  await terminal.submit('[s:bash] More')
  const asked = await soon(seen, 'permission').catch(() => undefined)
  if (asked) await terminal.pressUntilGone('enter', 'Do you want to proceed?')
  await turnEndedWith(client, sessionId, 'It said hello.')
  const summing = world.model.holdSummary()
  await terminal.submit('/compact')
  await summing.reached()
  await soon(seen, 'working')
  summing.open()
  await client.expect('context_compacted')
  await soon(seen, 'waiting')
  await terminal.waitForText('Compacted')
  await terminal.submit('[s:plain] And now?')
  const isOver = (view: Parameters<typeof conversationOf>[0]) =>
    conversationOf(view).slice(-2).join() === `user: [s:plain] And now?,assistant: ${HELLO}`
  const view = await client.waitForView(sessionId, 'the next answer', isOver)
  expect(conversationOf(view).filter((line) => line.includes('Context compacted.'))).toHaveLength(1)
  expect(view.first_prompt).toBe('[s:plain] Go')
  expect(await (await world.server.client()).followList()).toHaveLength(1)
})

// The older one writes less of it down.
claudeTest(
  "the user's own command, /rename, /model, and another directory",
  async (world) => {
    const commands = join(world.home.project, '.claude', 'commands')
    mkdirSync(commands, { recursive: true })
    mkdirSync(join(world.home.project, 'sub'))
    writeFileSync(join(commands, 'greet.md'), '---\ndescription: Greets\n---\n[s:plain] Greet $ARGUMENTS\n')
    const client = await world.serve()
    const terminal = await world.interactive('--allowedTools', 'Bash')
    await terminal.submit('/greet Ada')
    const seen = await nextSession(client)
    const view = await turnEndedWith(client, seen.sessionId, HELLO)
    expect(view.first_prompt).toBe('/greet Ada')
    expect(conversationOf(view)).toEqual(['user: /greet Ada', `assistant: ${HELLO}`])

    await terminal.submit('/rename My own name')
    await becomes(seen, 'its name', ({ custom_name }) => custom_name === 'My own name')
    await terminal.waitForText('renamed to')
    await terminal.submit('/model haiku')
    await terminal.waitForText('Yes, switch to')
    await terminal.pressUntilGone('enter', 'Yes, switch to')
    await terminal.waitForText(/Set model to/)
    await terminal.submit('[s:cd] Go')
    await turnEndedWith(client, seen.sessionId, 'I am there.')
    await becomes(seen, 'its model and directory', ({ model, current_cwd }) => {
      return model?.includes('haiku') === true && current_cwd === join(world.home.project, 'sub')
    })
    expect(client.view(seen.sessionId).project_path).toBe(world.home.project)
  },
  ['2.1.197'],
)
