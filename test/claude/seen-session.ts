/** A session of the real Claude and the client that follows it; what the client sees must be true within three seconds. */
import type { SessionState } from '../../src/protocol/model/session.ts'
import type { ScriptName } from '../support/model-server/scripts.ts'
import type { Terminal } from '../support/terminal.ts'
import type { TestClient } from '../support/test-client.ts'
import type { ClaudeWorld } from './claude-test.ts'

/** Milliseconds in which a row becomes true. */
const SOON_MS = 3_000

export interface Followed {
  readonly client: TestClient
  readonly sessionId: string
}

export interface Seen extends Followed {
  readonly terminal: Terminal
}

/** A session in a terminal to which somebody has given a prompt, and a client that follows it. */
export async function prompted(world: ClaudeWorld, script: ScriptName, ...args: string[]): Promise<Seen> {
  const client = await world.serve()
  const terminal = await world.interactive(...args)
  await terminal.submit(`[s:${script}] Go`)
  return { ...(await nextSession(client)), terminal }
}

/** The next session that appears on the list, followed. */
export async function nextSession(client: TestClient, besides: readonly string[] = []): Promise<Followed> {
  const isNew = ({ session }: { session: { id: string } }) => !besides.includes(session.id)
  const { session } = await client.expect('session_created', isNew)
  await client.follow(session.id)
  return { client, sessionId: session.id }
}

/** The row says this before long. */
export function soon({ client, sessionId }: Followed, status: SessionState['work_status']): Promise<SessionState> {
  const isSo = (view: SessionState) =>
    view.work_status === status && (status === 'permission' || status === 'question' || view.pending_approval === null)
  return client.waitForView(sessionId, status, isSo, SOON_MS)
}

/** The session is as `isRight` wants it before long. */
export function becomes({ client, sessionId }: Followed, wish: string, isRight: (view: SessionState) => boolean) {
  return client.waitForView(sessionId, wish, isRight, SOON_MS)
}

/** The session ends before long, if it has not done so since it appeared last; settles with the reason. */
export async function endSoon({ client, sessionId }: Followed): Promise<string> {
  const last = client.frames.findLast(
    (frame) =>
      (frame.type === 'session_created' && frame.session.id === sessionId) ||
      (frame.type === 'session_ended' && frame.session_id === sessionId),
  )
  if (last?.type === 'session_ended') return last.reason
  return (await client.expect('session_ended', ({ session_id }) => session_id === sessionId, SOON_MS)).reason
}
