/** What a row says is so, also where Claude fires no hook: within three seconds, in the terminal of somebody else. */
import { expect } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { claudeTest } from './claude-test.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { endSoon, prompted, soon } from './seen-session.ts'

const LETS_GO = 'Do you want to proceed?'

claudeTest('a local yes: the row works while the command does', async (world) => {
  const seen = await prompted(world, 'bash-asks-and-waits')
  await seen.terminal.waitForText(LETS_GO)
  await soon(seen, 'permission')
  await seen.terminal.pressUntilGone('enter', LETS_GO)
  await soon(seen, 'working')
  writeFileSync(join(world.home.project, 'go'), '')
  await turnEndedWith(seen.client, seen.sessionId, 'It went.')
})

claudeTest('a local no: the row waits', async (world) => {
  const seen = await prompted(world, 'bash-writes')
  await seen.terminal.waitForText(LETS_GO)
  await soon(seen, 'permission')
  await seen.terminal.pressUntilGone('escape', LETS_GO)
  await soon(seen, 'waiting')
})

claudeTest('a question that is answered in the terminal', async (world) => {
  const seen = await prompted(world, 'ask')
  await seen.terminal.waitForText('Which database?')
  await soon(seen, 'question')
  const thinking = world.model.hold('ask', 1)
  await seen.terminal.pressUntilGone('enter', 'Enter to select')
  await thinking.reached()
  await soon(seen, 'working')
  thinking.open()
  await turnEndedWith(seen.client, seen.sessionId, 'Thanks for the answer.')
})

claudeTest('a question that nobody wants to answer', async (world) => {
  const seen = await prompted(world, 'ask')
  await seen.terminal.waitForText('Which database?')
  await soon(seen, 'question')
  await seen.terminal.pressUntilGone('escape', 'Enter to select')
  await soon(seen, 'waiting')
})

for (const key of ['escape', 'ctrlC'] as const) {
  claudeTest(`${key} while the model writes`, async (world) => {
    const writing = world.model.hold('long', 0, 'middle')
    const seen = await prompted(world, 'long')
    await writing.reached()
    await soon(seen, 'working')
    seen.terminal.press(key)
    await soon(seen, 'waiting')
  })
}

claudeTest('escape before the model has said a word', async (world) => {
  const thinking = world.model.hold('plain')
  const seen = await prompted(world, 'plain')
  await thinking.reached()
  await soon(seen, 'working')
  seen.terminal.press('escape')
  await soon(seen, 'waiting')
})

claudeTest('escape while a command runs', async (world) => {
  const seen = await prompted(world, 'bash-waits', '--allowedTools', 'Bash')
  await seen.terminal.waitForText('ctrl+b to run in background')
  await soon(seen, 'working')
  seen.terminal.press('escape')
  await seen.terminal.waitForText('Interrupted')
  await soon(seen, 'waiting')
})

claudeTest('a terminal that is closed', async (world) => {
  const thinking = world.model.hold('plain')
  const seen = await prompted(world, 'plain')
  await thinking.reached()
  process.kill(seen.terminal.pid, 'SIGHUP')
  expect(await endSoon(seen)).toBe('other')
})

claudeTest('kill -9, at work and at rest', async (world) => {
  const thinking = world.model.hold('plain')
  const seen = await prompted(world, 'plain')
  await thinking.reached()
  process.kill(seen.terminal.pid, 'SIGKILL')
  expect(await endSoon(seen)).toBe('process_gone')
  thinking.open()

  const second = await world.interactive()
  await second.submit('[s:bash] Go')
  const { session } = await seen.client.expect('session_created', ({ session: { id } }) => id !== seen.sessionId)
  await seen.client.follow(session.id)
  await second.waitForText('It said hello.')
  await soon({ client: seen.client, sessionId: session.id }, 'waiting')
  process.kill(second.pid, 'SIGKILL')
  expect(await endSoon({ client: seen.client, sessionId: session.id })).toBe('process_gone')
})

claudeTest('kill -9 while a prompt is open', async (world) => {
  const seen = await prompted(world, 'bash-writes')
  await soon(seen, 'permission')
  process.kill(seen.terminal.pid, 'SIGKILL')
  expect(await endSoon(seen)).toBe('process_gone')
  expect(seen.client.view(seen.sessionId).pending_approval).toBeNull()
})

claudeTest('kill -9 while the server is down', async (world) => {
  const thinking = world.model.hold('plain')
  const seen = await prompted(world, 'plain')
  await thinking.reached()
  await world.server.kill9()
  process.kill(seen.terminal.pid, 'SIGKILL')
  await world.server.start()
  const client = await world.server.client()
  await client.followList()
  expect(await endSoon({ client, sessionId: seen.sessionId })).toBe('process_gone')
})

claudeTest('a local no while the server is down', async (world) => {
  const seen = await prompted(world, 'bash-writes')
  await seen.terminal.waitForText(LETS_GO)
  await soon(seen, 'permission')
  await world.server.kill9()
  await seen.terminal.pressUntilGone('escape', LETS_GO)
  await world.server.start()
  const client = await world.server.client()
  await client.follow(seen.sessionId)
  await soon({ client, sessionId: seen.sessionId }, 'waiting')
})

claudeTest('a command that the user runs: the row works while it does', async (world) => {
  const seen = await prompted(world, 'plain')
  await turnEndedWith(seen.client, seen.sessionId, 'Hello from the scripted model.')
  const go = join(world.home.project, 'go')
  await seen.terminal.type('!')
  await seen.terminal.submit(`while [ ! -e ${go} ]; do sleep 0.05; done`)
  await soon(seen, 'working')
  writeFileSync(go, '')
  await soon(seen, 'waiting')
})

claudeTest('/resume in a running terminal: one row ends, the other goes on', async (world) => {
  const seen = await prompted(world, 'plain')
  await turnEndedWith(seen.client, seen.sessionId, 'Hello from the scripted model.')
  await seen.terminal.submit('/exit')
  await endSoon(seen)
  const terminal = await world.interactive()
  await terminal.submit('[s:plain] Something else')
  const isOther = ({ session }: { session: { id: string } }) => session.id !== seen.sessionId
  const { session } = await seen.client.expect('session_created', isOther)
  await seen.client.follow(session.id)
  await turnEndedWith(seen.client, session.id, 'Hello from the scripted model.')
  await terminal.submit(`/resume ${seen.sessionId}`)
  expect(await endSoon({ client: seen.client, sessionId: session.id })).toBe('resume')
  await soon(seen, 'waiting')
})

claudeTest('/clear: the new session knows from which it came', async (world) => {
  const seen = await prompted(world, 'plain')
  await turnEndedWith(seen.client, seen.sessionId, 'Hello from the scripted model.')
  await seen.terminal.submit('/clear')
  expect(await endSoon(seen)).toBe('clear')
  await seen.terminal.submit('[s:plain] Once more')
  const isNext = ({ session }: { session: { id: string } }) => session.id !== seen.sessionId
  const { session } = await seen.client.expect('session_created', isNext)
  expect((await seen.client.follow(session.id)).forked_from_session_id).toBe(seen.sessionId)
})

claudeTest('an error of the API that ends the turn', async (world) => {
  const seen = await prompted(world, 'error-400')
  await seen.terminal.waitForText('scripted bad request')
  const view = await soon(seen, 'waiting')
  expect(view.status).toBe('active')
  const isTold = ({ messages }: SessionState) => messages.some(({ is_error }) => is_error)
  await seen.client.waitForView(seen.sessionId, 'the error', isTold)
})

claudeTest('a fork: the session that it was made from stays as it is', async (world) => {
  const seen = await prompted(world, 'plain')
  await turnEndedWith(seen.client, seen.sessionId, 'Hello from the scripted model.')
  await seen.terminal.submit('/exit')
  expect(await endSoon(seen)).toBe('prompt_input_exit')

  const fork = await world.interactive('--resume', seen.sessionId, '--fork-session')
  await fork.submit('[s:plain] Another way')
  const isFork = ({ session }: { session: { id: string } }) => session.id !== seen.sessionId
  const { session } = await seen.client.expect('session_created', isFork)
  expect((await seen.client.follow(session.id)).forked_from_session_id).toBe(seen.sessionId)
  const [ended] = (await (await world.server.client()).followList()).filter(({ id }) => id === seen.sessionId)
  expect(ended).toMatchObject({ status: 'ended', end_reason: 'prompt_input_exit' })
})

claudeTest('two terminals on one session: it goes on until both have left', async (world) => {
  const seen = await prompted(world, 'plain')
  await turnEndedWith(seen.client, seen.sessionId, 'Hello from the scripted model.')
  const second = await world.interactive('--resume', seen.sessionId)
  await second.submit('[s:plain] Hello from here')
  await second.waitForText(/Hello from here[\s\S]*Hello from the scripted model/)
  await seen.terminal.submit('/exit')
  await seen.terminal.exited()
  await second.submit('[s:bash-writes] Go')
  await soon(seen, 'permission')
  expect(seen.client.frames.some(({ type }) => type === 'session_ended')).toBe(false)
  process.kill(second.pid, 'SIGKILL')
  expect(await endSoon(seen)).toBe('process_gone')
})

claudeTest('a session whose hooks were never installed', async (world) => {
  await world.server.run('install-hooks', '--uninstall')
  const seen = await prompted(world, 'bash-writes')
  await soon(seen, 'permission')
  expect(seen.client.view(seen.sessionId)).toMatchObject({ observed: 'transcript', first_prompt: '[s:bash-writes] Go' })
  await seen.terminal.waitForText(LETS_GO)
  await seen.terminal.pressUntilGone('enter', LETS_GO)
  const view = await turnEndedWith(seen.client, seen.sessionId, 'The file is there.')
  expect(conversationOf(view)).toEqual(['user: [s:bash-writes] Go', 'Bash: made', 'assistant: The file is there.'])
  await seen.terminal.submit('/exit')
  expect(await endSoon(seen)).toBe('process_gone')
})

claudeTest('`claude -p` without hooks: the row works, and ends', async (world) => {
  await world.server.run('install-hooks', '--uninstall')
  const client = await world.serve()
  const thinking = world.model.hold('two-steps', 1)
  const run = world.print('[s:two-steps] Go', '--allowedTools', 'Bash')
  await thinking.reached()
  const { session } = await client.expect('session_created')
  await client.follow(session.id)
  await soon({ client, sessionId: session.id }, 'working')
  thinking.open()
  await run.answer()
  expect(await endSoon({ client, sessionId: session.id })).toBe('process_gone')
  const isWhole = ({ messages }: SessionState) => messages.some(({ content }) => content === 'Both steps are done.')
  await client.waitForView(session.id, 'the whole answer', isWhole)
})
