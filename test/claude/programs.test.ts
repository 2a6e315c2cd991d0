/** Programs of other people that drive Claude over its standard input and output: we only watch. */
import { expect } from 'bun:test'
import { JSON_LINES } from '../support/claude-program.ts'
import { claudeTest } from './claude-test.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { endSoon, nextSession, soon } from './seen-session.ts'

// Forms of output are none of our business: one version shows that they change nothing.
claudeTest(
  'every form of input and output of `-p` is seen the same',
  async (world) => {
    const client = await world.serve()
    const known: string[] = []
    const seenToTheEnd = async (prompt: string) => {
      const session = await nextSession(client, known)
      known.push(session.sessionId)
      expect(await endSoon(session)).toBe('other')
      const view = await turnTold(session.sessionId)
      expect(conversationOf(view)).toEqual([
        `user: ${prompt}`,
        'assistant: I will run a command.',
        'Bash: hello-from-bash',
        'assistant: It said hello.',
      ])
    }
    const turnTold = (sessionId: string) =>
      client.waitForView(sessionId, 'the whole answer', ({ messages }) => messages.at(-1)?.content === 'It said hello.')

    await world.print('[s:bash] Go', '--allowedTools', 'Bash', '--output-format', 'json').answer()
    await seenToTheEnd('[s:bash] Go')
    await world.print('[s:bash] Go', '--allowedTools', 'Bash', '--output-format', 'stream-json', '--verbose').answer()
    await seenToTheEnd('[s:bash] Go')
    const program = world.program('--allowedTools', 'Bash')
    program.write('[s:bash] From\nelsewhere')
    expect(await program.close()).toBe(0)
    await seenToTheEnd('[s:bash] From\nelsewhere')
  },
  ['2.1.329'],
)

claudeTest('a program that speaks JSON: prompts, permissions and interruptions', async (world) => {
  const client = await world.serve()
  const program = world.program(...JSON_LINES)
  program.prompt('[s:plain] Hello')
  const seen = await nextSession(client)
  await turnEndedWith(client, seen.sessionId, 'Hello from the scripted model.')

  program.prompt('[s:bash-writes] Go')
  const asks = await program.says('control_request')
  await soon(seen, 'permission')
  program.allow(asks)
  const view = await turnEndedWith(client, seen.sessionId, 'The file is there.')
  expect(conversationOf(view)).toContain('Bash: made')

  program.prompt('[s:bash-unusual] Go')
  await program.says('control_request')
  await soon(seen, 'permission')
  program.interrupt()
  await soon(seen, 'waiting')

  const writing = world.model.hold('long', 0, 'middle')
  program.prompt('[s:long] Go')
  await writing.reached()
  await soon(seen, 'working')
  program.interrupt()
  await soon(seen, 'waiting')
  expect(client.view(seen.sessionId).status).toBe('active')
  await program.close()
  await endSoon(seen)
})
