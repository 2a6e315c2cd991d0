/** Hooks that come late, and Claudes that want none. */
import { expect } from 'bun:test'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { claudeTest } from './claude-test.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { becomes, endSoon, nextSession, prompted, soon } from './seen-session.ts'

/** Prompts until the hooks that were installed must have fired. */
const TURNS_MAX = 20
const TWO_STEPS = [
  'user: [s:two-steps] Go',
  'assistant: First step.',
  'Bash: first',
  'assistant: Second step.',
  'Bash: second',
  'assistant: Both steps are done.',
]

claudeTest(
  'hooks that are installed in the middle of a session: from then on they tell, and nothing comes twice',
  async (world) => {
    await world.server.run('install-hooks', '--uninstall')
    const seen = await prompted(world, 'two-steps', '--allowedTools', 'Bash')
    const { client, sessionId, terminal } = seen
    await turnEndedWith(client, sessionId, 'Both steps are done.')
    expect(client.view(sessionId).observed).toBe('transcript')
    await world.server.run('install-hooks')
    // Claude reads its settings anew within a second or two.
    let turns = 0
    const isSeenByTranscript = () => client.view(sessionId).observed === 'transcript'
    while (isSeenByTranscript() && ++turns <= TURNS_MAX) {
      await terminal.submit(`[s:bash] Go ${turns}`)
      const isOver = ({ messages, work_status }: SessionState) =>
        messages.filter(({ content }) => content === 'It said hello.').length === turns && work_status === 'waiting'
      await client.waitForView(sessionId, `the end of turn ${turns}`, isOver)
    }
    expect(isSeenByTranscript()).toBe(false)
    const turn = ['assistant: I will run a command.', 'Bash: hello-from-bash', 'assistant: It said hello.']
    const expected = Array.from({ length: turns }, (_, index) => [`user: [s:bash] Go ${index + 1}`, ...turn]).flat()
    expect(conversationOf(client.view(sessionId)).slice(TWO_STEPS.length)).toEqual(expected)
    await terminal.submit('/exit')
    expect(await endSoon(seen)).toBe('prompt_input_exit')
  },
)

claudeTest('`--bare` runs no hooks: the row is what the transcript says', async (world) => {
  const client = await world.serve()
  const thinking = world.model.hold('two-steps', 1)
  const run = world.print('[s:two-steps] Go', '--bare', '--allowedTools', 'Bash')
  await thinking.reached()
  const seen = await nextSession(client)
  await soon(seen, 'working')
  thinking.open()
  await run.answer()
  expect(await endSoon(seen)).toBe('process_gone')
  await becomes(seen, 'the whole conversation', (view) => conversationOf(view).length === TWO_STEPS.length)
  expect(conversationOf(client.view(seen.sessionId))).toEqual(TWO_STEPS)
})
