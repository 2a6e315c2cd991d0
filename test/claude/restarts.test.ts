/** A server that is down, or dies, costs nothing: Claude goes on undisturbed, and everything is shown afterwards. */
import { expect } from 'bun:test'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { type ClaudeWorld, claudeTest } from './claude-test.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'

const TWO_STEPS = [
  'user: [s:two-steps] Go',
  'assistant: First step.',
  'Bash: first',
  'assistant: Second step.',
  'Bash: second',
  'assistant: Both steps are done.',
]

/** Makes what is spooled as old as if the server had been down for an hour. */
function anHourAgo(spool: string): void {
  for (const name of readdirSync(spool).filter((file) => file.endsWith('.json'))) {
    const text = readFileSync(join(spool, name), 'utf8')
    const earlier = text.replace(/"sent_at":(\d+)/, (_, seconds: string) => `"sent_at":${Number(seconds) - 3_600}`)
    writeFileSync(join(spool, name), earlier)
  }
}

/** What a client that comes only now sees of a session. */
async function seenNow({ server }: ClaudeWorld, sessionId: string) {
  const client = await server.client()
  await client.follow(sessionId)
  return client
}

/** The one session that a client finds in the list. */
async function onlySession({ serve }: ClaudeWorld) {
  const client = await serve()
  const [list] = client.frames.flatMap((frame) => (frame.type === 'sessions_list' ? [frame.sessions] : []))
  expect(list).toHaveLength(1)
  return list?.[0]?.id ?? ''
}

claudeTest('a whole run while the server is down is shown when it is up', async (world) => {
  await world.print('[s:two-steps] Go', '--allowedTools', 'Bash').answer()
  const sessionId = await onlySession(world)
  const view = (await seenNow(world, sessionId)).view(sessionId)
  expect(conversationOf(view)).toEqual(TWO_STEPS)
  expect(view).toMatchObject({ status: 'ended', first_prompt: '[s:two-steps] Go' })
})

claudeTest('a whole run while the server is down is shown without its transcript, too', async (world) => {
  await world.print('[s:two-steps] Go', '--allowedTools', 'Bash').answer()
  rmSync(join(world.home.home, '.claude', 'projects'), { recursive: true })
  anHourAgo(join(world.home.data, 'spool'))
  const sessionId = await onlySession(world)
  const view = (await seenNow(world, sessionId)).view(sessionId)
  // What is said before a call stands in the transcript alone.
  expect(conversationOf(view)).toEqual(TWO_STEPS.filter((line) => !line.endsWith(' step.')))
  expect(view).toMatchObject({ status: 'ended', first_prompt: '[s:two-steps] Go' })
})

claudeTest(
  'a session in a terminal that began while the server was down is shown, and followed from there',
  async (world) => {
    const terminal = await world.interactive('--allowedTools', 'Bash')
    await terminal.submit('[s:two-steps] Go')
    await terminal.waitForText('Both steps are done.')
    const sessionId = await onlySession(world)
    const client = await seenNow(world, sessionId)
    await terminal.submit('[s:plain] Hello')
    const view = await turnEndedWith(client, sessionId, 'Hello from the scripted model.')
    expect(conversationOf(view)).toEqual([
      ...TWO_STEPS,
      'user: [s:plain] Hello',
      'assistant: Hello from the scripted model.',
    ])
  },
)

for (const when of ['before the turn goes on', 'after the turn went on without it'] as const) {
  claudeTest(
    `kill -9 in the middle of a turn, and a start ${when}: nothing is missing and nothing doubled`,
    async (world) => {
      const client = await world.serve()
      const terminal = await world.interactive('--allowedTools', 'Bash')
      const thinking = world.model.hold('two-steps', 1)
      await terminal.submit('[s:two-steps] Go')
      await thinking.reached()
      const { session } = await client.expect('session_created')

      await world.server.kill9()
      if (when === 'before the turn goes on') await world.server.start()
      thinking.open()
      await terminal.waitForText('Both steps are done.')
      if (when === 'after the turn went on without it') await world.server.start()

      const late = await seenNow(world, session.id)
      const view = await turnEndedWith(late, session.id, 'Both steps are done.')
      expect(conversationOf(view)).toEqual(TWO_STEPS)
    },
  )
}

claudeTest('kill -9 in the middle of `claude -p`: nothing is missing and nothing doubled', async (world) => {
  const client = await world.serve()
  const thinking = world.model.hold('two-steps', 1)
  const run = world.print('[s:two-steps] Go', '--allowedTools', 'Bash')
  await thinking.reached()
  const { session } = await client.expect('session_created')
  await world.server.kill9()
  thinking.open()
  await run.answer()
  await world.server.start()
  const late = await seenNow(world, session.id)
  const view = await late.waitForView(session.id, 'its end', ({ status }) => status === 'ended')
  expect(conversationOf(view)).toEqual(TWO_STEPS)
})

claudeTest('a prompt that was open when the server died is found again, and answered', async (world) => {
  const client = await world.serve()
  const terminal = await world.interactive()
  await terminal.submit('[s:bash-writes] Go')
  const { session } = await client.expect('session_created')
  await client.follow(session.id)
  await client.waitForView(session.id, 'a prompt', (v) => v.pending_approval !== null)

  await world.server.kill9()
  await world.server.start()
  const late = await seenNow(world, session.id)
  // The hook asks again within a second; until then the prompt can only be answered in the terminal.
  const isAnswerable = ({ pending_approval }: SessionState) => pending_approval?.answerable === true
  const { pending_approval } = await late.waitForView(session.id, 'the prompt', isAnswerable)
  expect(pending_approval).toMatchObject({ type: 'exec', command: 'touch made-by-bash.txt && echo made' })
  const request_id = pending_approval?.id ?? ''
  late.send({ type: 'approve_tool', session_id: session.id, request_id, decision: 'approved' })
  await terminal.waitForText('The file is there.')
  const after = await turnEndedWith(late, session.id, 'The file is there.')
  expect(conversationOf(after)).toContain('Bash: made')
})
