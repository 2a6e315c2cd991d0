/** Sessions with the real Claude come and go, and leave nothing: no process, and no open file of the server. */
import { expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { NO_CLAUDE_HERE } from '../support/claude-binaries.ts'
import { gone, processesWith } from '../support/processes.ts'
import { skipUnless } from '../support/skipped.ts'
import type { TestClient } from '../support/test-client.ts'
import { DirectWorld } from './direct-world.ts'

const ROUNDS = 4
const SIDE_BY_SIDE = 5
/** Milliseconds for an answer of one of several programs that start at once. */
const PATIENCE_MS = 60_000
/** Milliseconds for all of them. */
const TIMEOUT_MS = 240_000

/** Sessions that are made, wait until their agents run, and are ended; their ids. */
async function round(world: DirectWorld, clients: readonly TestClient[]): Promise<readonly string[]> {
  const sessions = await Promise.all(clients.map((client) => world.createSession(client)))
  const ids = sessions.map(({ id }) => id)
  await Promise.all(
    clients.map(async (client, index) => {
      const session_id = ids[index] ?? ''
      client.send({ type: 'send_message', session_id, content: '[s:plain] Hello' })
      const isOver = (view: SessionState) => view.turn_count === 1 && view.work_status === 'waiting'
      await client.waitForView(session_id, 'a turn', isOver, PATIENCE_MS)
      const pids = processesWith(session_id)
      client.send({ type: 'end_session', session_id })
      await client.expect('session_ended')
      for (const pid of pids) await gone(pid)
    }),
  )
  return ids
}

/** Of the server, where the system tells. */
function openFiles({ server }: DirectWorld): number {
  const [pid = 0] = processesWith(`start --bind 127.0.0.1:${server.port}`)
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/fd`).length : 0
}

test.skipIf(skipUnless(!NO_CLAUDE_HERE, `twenty sessions: ${NO_CLAUDE_HERE}`))(
  'twenty sessions that come and go leave no process and no open file',
  async () => {
    await using world = await DirectWorld.create('2.1.329')
    await world.serve()
    const clients = await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => world.server.client()))
    const ids = [...(await round(world, clients))]
    const before = openFiles(world)
    for (let count = 1; count < ROUNDS; count++) ids.push(...(await round(world, clients)))
    for (const id of ids) expect(processesWith(id)).toEqual([])
    expect(openFiles(world)).toBeLessThanOrEqual(before)
  },
  TIMEOUT_MS,
)
