/** What sessions of the real Claude have cost: as it counts, however many processes have worked on a conversation. */
import { expect } from 'bun:test'
import type { TestClient } from '../support/test-client.ts'
import { claudeTest } from './claude-test.ts'
import { turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'
import { nextSession, prompted } from './seen-session.ts'

const HELLO = 'Hello from the scripted model.'

/** Waits until the session has cost more than this, in US dollars; settles with how much. */
async function costAbove(client: TestClient, id: string, least: number): Promise<number> {
  const isAbove = ({ cost_usd: cost }: { cost_usd?: number | undefined }) => cost !== undefined && cost > least
  return (await client.waitForView(id, `a cost above ${least}`, isAbove)).cost_usd ?? 0
}

directTest('a driven session tells its cost with every turn, also with a second process', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first)
  first.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(first, id, HELLO)
  const one = await costAbove(first, id, 0)
  await world.server.stop()

  const client = await world.serve()
  expect((await client.follow(id)).cost_usd).toBe(one)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Again' })
  const both = await costAbove(client, id, one)
  // Two answers of one length: neither is lost, and none is counted twice.
  expect(both).toBeGreaterThan(1.5 * one)
  expect(both).toBeLessThan(2.5 * one)
})

directTest('a driven session that is cleared stays one row, with the cost of both conversations', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  const one = await costAbove(client, id, 0)
  client.send({ type: 'send_message', session_id: id, content: '/clear' })
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Again' })
  const both = await costAbove(client, id, one)
  expect(both).toBeGreaterThan(1.5 * one)
  expect(both).toBeLessThan(2.5 * one)
})

claudeTest(
  'a session of a terminal tells its cost when its program ends, and goes on with it when it is resumed',
  async ({ serve, print }) => {
    const client = await serve()
    await print('[s:plain] Hello').answer()
    const { session } = await client.expect('session_created')
    await client.follow(session.id)
    const one = await costAbove(client, session.id, 0)
    await print('[s:plain] Again', '--resume', session.id).answer()
    const both = await costAbove(client, session.id, one)
    expect(both).toBeGreaterThan(1.5 * one)
    expect(both).toBeLessThan(2.5 * one)
  },
  ['2.1.329'],
)

claudeTest(
  'what comes after /clear is a session with a cost of its own',
  async (world) => {
    const { client, terminal, sessionId } = await prompted(world, 'plain')
    await turnEndedWith(client, sessionId, HELLO)
    await terminal.submit('/clear')
    await terminal.submit('[s:plain] Again')
    const second = await nextSession(client, [sessionId])
    await turnEndedWith(client, second.sessionId, HELLO)
    await terminal.submit('/exit')
    const after = await costAbove(client, second.sessionId, 0)
    const before = await costAbove(client, sessionId, 0)
    expect(after).toBeLessThan(1.5 * before)
  },
  ['2.1.329'],
)
