/** Whatever happens around a driven Claude, its session says so, and goes on. */
import { expect } from 'bun:test'
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { transcriptPath } from '../conformance/lib/session-files.ts'
import { claudeBinary } from '../support/claude-binaries.ts'
import { fileHolds } from '../support/file-holds.ts'
import { gone, isAlive, processesWith } from '../support/processes.ts'
import type { TestClient } from '../support/test-client.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { type DirectWorld, directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'

function send(client: TestClient, session_id: string, content: string): void {
  client.send({ type: 'send_message', session_id, content })
}

/** Waits until the agent does nothing and a row that tells of a failure holds these words. */
function failedWith(client: TestClient, id: string, words: string): Promise<SessionState> {
  const isSaid = ({ messages, work_status }: SessionState) =>
    work_status === 'waiting' && messages.some(({ is_error, content }) => is_error && content.includes(words))
  return client.waitForView(id, `the failure "${words}"`, isSaid)
}

/** Ends the agent of a session as a crash would. */
async function killed(client: TestClient, id: string): Promise<void> {
  const [pid = 0] = processesWith(id)
  process.kill(pid, 'SIGKILL')
  await gone(pid)
  await failedWith(client, id, 'Claude Code left')
}

/** Puts a program where the server looks for Claude. */
function install(world: DirectWorld, script: string): void {
  writeFileSync(`${world.program}.new`, `#!/bin/sh\n${script}\n`)
  chmodSync(`${world.program}.new`, 0o755)
  renameSync(`${world.program}.new`, world.program)
}

directTest(
  'what an agent has asked goes with it when it is killed, and the next message is answered',
  async (world) => {
    const client = await world.serve()
    const { id } = await world.createSession(client)
    send(client, id, '[s:bash-writes] Go')
    await client.waitForView(id, 'a prompt', ({ pending_approval }) => pending_approval !== null)
    await world.written('[s:bash-writes] Go')
    await killed(client, id)
    expect(client.view(id).pending_approval).toBeNull()
    send(client, id, '[s:plain] Hello')
    await turnEndedWith(client, id, HELLO)
    const { said } = await world.model.waitForRequest('plain')
    expect(said.join('\n')).toContain('[s:bash-writes] Go')
  },
)

directTest('a killed server finds its conversation again, with everything that was said', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first)
  send(first, id, '[s:plain] Hello')
  await turnEndedWith(first, id, HELLO)
  const thinking = world.model.hold('two-steps')
  send(first, id, '[s:two-steps] Go')
  await thinking.reached()
  const [pid = 0] = processesWith(id)
  await world.server.kill9()
  const client = await world.serve()
  await gone(pid)
  thinking.open()
  await client.follow(id)
  await failedWith(client, id, 'The server was killed')
  send(client, id, '[s:long] Go on')
  await turnEndedWith(client, id, 'and so on '.repeat(200))
  const said = (await world.model.waitForRequest('long')).said.join('\n')
  for (const words of ['[s:plain] Hello', HELLO, '[s:two-steps] Go']) expect(said).toContain(words)
})

directTest('a program that is taken away is told by its name, and used again once it is back', async (world) => {
  install(world, `exec ${claudeBinary(world.version)} "$@"`)
  const client = await world.serve()
  const { id } = await world.createSession(client)
  send(client, id, '[s:plain] Hello')
  await turnEndedWith(client, id, HELLO)
  rmSync(world.program)
  // The agent that runs goes on.
  send(client, id, '[s:long] Go on')
  await turnEndedWith(client, id, 'and so on '.repeat(200))
  await killed(client, id)
  mkdirSync(world.program)
  send(client, id, '[s:plain] Again')
  await failedWith(client, id, world.program)
  rmSync(world.program, { recursive: true })
  install(world, `exec ${claudeBinary(world.version)} "$@"`)
  send(client, id, '[s:bash-unusual] Again')
  await client.waitForView(id, 'a prompt', ({ pending_approval }) => pending_approval !== null)
})

directTest('a program that is replaced while it runs is used by the next start', async (world) => {
  rmSync(world.program)
  copyFileSync(claudeBinary(world.version), world.program)
  chmodSync(world.program, 0o755)
  const client = await world.serve()
  const { id } = await world.createSession(client)
  send(client, id, '[s:plain] Hello')
  await turnEndedWith(client, id, HELLO)
  install(world, 'echo "a newer one" >&2; exit 7')
  send(client, id, '[s:long] Go on')
  await turnEndedWith(client, id, 'and so on '.repeat(200))
  await killed(client, id)
  send(client, id, '[s:plain] Again')
  await failedWith(client, id, 'a newer one')
})

directTest('a Claude that is not logged in says what to do', async (world) => {
  install(world, `unset ANTHROPIC_API_KEY; exec ${claudeBinary(world.version)} "$@"`)
  const client = await world.serve()
  const { id } = await world.createSession(client)
  send(client, id, '[s:plain] Hello')
  await failedWith(client, id, 'Not logged in. Run `claude` in a terminal')
})

directTest('a directory that is gone is told by its name', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  send(client, id, '[s:plain] Hello')
  await turnEndedWith(client, id, HELLO)
  await killed(client, id)
  rmSync(world.home.project, { recursive: true })
  send(client, id, '[s:plain] Again')
  await failedWith(client, id, `The directory ${world.home.project} is gone`)
})

directTest('a full disk for its transcript does not keep Claude from answering', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  send(client, id, '[s:plain] Hello')
  await turnEndedWith(client, id, HELLO)
  const path = transcriptPath(world.home.home, world.home.project, id)
  // It is written late, so it may not be there yet.
  symlinkSync('/dev/full', `${path}.full`)
  renameSync(`${path}.full`, path)
  send(client, id, '[s:long] Go on')
  await turnEndedWith(client, id, 'and so on '.repeat(200))
})

directTest('a prompt that comes twice at once is two turns, one after the other', async (world) => {
  const client = await world.serve()
  const other = await world.server.client()
  const { id } = await world.createSession(client)
  await other.follow(id)
  send(client, id, '[s:plain] Hello')
  send(other, id, '[s:plain] Hello')
  const view = await client.waitForView(id, 'two answers', (seen) => {
    return seen.turn_count === 2 && seen.work_status === 'waiting' && conversationOf(seen).length === 4
  })
  expect(conversationOf(view)).toEqual([1, 2].flatMap(() => ['user: [s:plain] Hello', `assistant: ${HELLO}`]))
})

directTest('a server that stops while an agent starts leaves no process', async (world) => {
  install(world, 'touch "$HOME/begun"; exec cat > /dev/null')
  const client = await world.serve()
  client.send({ type: 'create_session', provider: 'claude', cwd: world.home.project })
  const { id } = (await client.expect('session_snapshot')).session
  await fileHolds(world.home.home, 'begun', /^$/)
  await world.server.stop()
  expect(processesWith(id)).toEqual([])
})

directTest('an agent that stands still is told after an interrupt, and ends with its session', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  const thinking = world.model.hold('plain')
  send(client, id, '[s:plain] Hello')
  await thinking.reached()
  const [pid = 0] = processesWith(id)
  process.kill(pid, 'SIGSTOP')
  client.send({ type: 'interrupt_session', session_id: id })
  await failedWith(client, id, 'did not answer "interrupt" in time')
  client.send({ type: 'end_session', session_id: id })
  await client.expect('session_ended')
  await gone(pid)
  expect(isAlive(pid)).toBe(false)
})
