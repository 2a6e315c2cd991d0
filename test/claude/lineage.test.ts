/** Sessions that go on in another process, and those that were made from others. */
import { expect } from 'bun:test'
import { claudeTest } from './claude-test.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { becomes, endSoon, nextSession, prompted, soon } from './seen-session.ts'

const HELLO = 'Hello from the scripted model.'
const turn = (prompt: string) => [`user: [s:plain] ${prompt}`, `assistant: ${HELLO}`]

claudeTest(
  '`-p` with --continue and --resume goes on with the session, with --fork-session with a copy',
  async (world) => {
    const client = await world.serve()
    await world.print('[s:plain] One').answer()
    const first = await nextSession(client)
    await endSoon(first)
    await world.print('[s:plain] Two', '--continue').answer()
    expect(await endSoon(first)).toBe('other')
    await world.print('[s:plain] Three', '--resume', first.sessionId).answer()
    expect(await endSoon(first)).toBe('other')
    const whole = [...turn('One'), ...turn('Two'), ...turn('Three')]
    await becomes(first, 'the whole conversation', (view) => conversationOf(view).length === whole.length)
    expect(conversationOf(client.view(first.sessionId))).toEqual(whole)
    expect(client.view(first.sessionId).first_prompt).toBe('[s:plain] One')

    await world.print('[s:plain] Four', '--resume', first.sessionId, '--fork-session').answer()
    const second = await nextSession(client, [first.sessionId])
    await becomes(second, 'the whole copy', (view) => conversationOf(view).length === whole.length + 2)
    expect(conversationOf(client.view(second.sessionId))).toEqual([...whole, ...turn('Four')])
    expect((await client.follow(second.sessionId)).forked_from_session_id).toBe(first.sessionId)
    const list = await (await world.server.client()).followList()
    expect(list.map(({ id, status }) => [id, status])).toEqual([
      [second.sessionId, 'ended'],
      [first.sessionId, 'ended'],
    ])
  },
)

claudeTest('a fork of the last session, which is not named: the row of that stays as it is', async (world) => {
  const seen = await prompted(world, 'plain')
  const { client, sessionId } = seen
  await turnEndedWith(client, sessionId, HELLO)
  const fork = await world.interactive('--continue', '--fork-session')
  const thinking = world.model.hold('bash-writes')
  await fork.submit('[s:bash-writes] Another way')
  const copy = await nextSession(client, [sessionId])
  await soon(copy, 'working')
  expect(client.view(sessionId).work_status).toBe('waiting')
  thinking.open()
  await soon(copy, 'permission')
  await client.waitForView(copy.sessionId, 'its parent', (view) => view.forked_from_session_id === sessionId)
  process.kill(fork.pid, 'SIGKILL')
  expect(await endSoon(copy)).toBe('process_gone')
  expect(client.view(sessionId)).toMatchObject({ status: 'active', work_status: 'waiting' })
})

claudeTest('--continue in a terminal: the row goes on, and nothing comes twice', async (world) => {
  const seen = await prompted(world, 'plain')
  const { client, sessionId } = seen
  await turnEndedWith(client, sessionId, HELLO)
  await seen.terminal.submit('/exit')
  await endSoon(seen)
  const again = await world.interactive('--continue')
  await soon(seen, 'waiting')
  await again.submit('[s:plain] Again')
  const isWhole = ({ messages }: { messages: readonly { message_type: string }[] }) =>
    messages.filter(({ message_type }) => message_type === 'assistant').length === 2
  const view = await client.waitForView(sessionId, 'a second answer', isWhole)
  const said = conversationOf(view).filter((line) => !line.startsWith('user: /'))
  expect(said).toEqual([...turn('Go'), ...turn('Again')])
  expect(client.frames.some((frame) => frame.type === 'session_created' && frame.session.id !== sessionId)).toBe(false)
})
