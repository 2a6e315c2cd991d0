/** Turns in which several things happen: tools side by side and behind, prompts that wait, errors of the service. */
import { expect } from 'bun:test'
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { claudeBinary } from '../support/claude-binaries.ts'
import type { ScriptName } from '../support/model-server/scripts.ts'
import { claudeTest } from './claude-test.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { becomes, endSoon, nextSession, prompted, soon } from './seen-session.ts'

const HELLO = 'Hello from the scripted model.'

claudeTest('of tools that run side by side one is refused and one allowed, by a client', async (world) => {
  const seen = await prompted(world, 'parallel-asks')
  const { client, sessionId } = seen
  const decide = async (command: string, decision: 'denied' | 'approved') => {
    const isIt = ({ pending_approval }: SessionState) => pending_approval?.command?.includes(command) === true
    const { pending_approval } = await client.waitForView(sessionId, `the prompt for ${command}`, isIt)
    const request_id = pending_approval?.id ?? ''
    client.send({ type: 'approve_tool', session_id: sessionId, request_id, decision, message: 'Not this one.' })
  }
  await decide('one.txt', 'denied')
  await decide('two.txt', 'approved')
  const view = await turnEndedWith(client, sessionId, 'That is all.')
  expect(conversationOf(view)).toEqual([
    'user: [s:parallel-asks] Go',
    'Read: # A project',
    'Bash failed: Not this one.',
    'Bash: two',
    'assistant: That is all.',
  ])
  expect(['one.txt', 'two.txt'].map((file) => existsSync(join(world.home.project, file)))).toEqual([false, true])
})

claudeTest('a command in the background: the row waits, and works again when that is done', async (world) => {
  const seen = await prompted(world, 'bash-background-waits', '--allowedTools', 'Bash')
  const { client, sessionId } = seen
  await turnEndedWith(client, sessionId, 'It waits in the background.')
  const thinking = world.model.hold('bash-background-waits', 2)
  writeFileSync(join(world.home.project, 'go'), '')
  await thinking.reached()
  await soon(seen, 'working')
  thinking.open()
  const view = await turnEndedWith(client, sessionId, 'It went in the background.')
  expect(conversationOf(view).filter((line) => line.startsWith('user:'))).toHaveLength(1)
})

claudeTest('prompts that were typed while a turn ran: the row works on them', async (world) => {
  const writing = world.model.hold('long', 0, 'middle')
  const seen = await prompted(world, 'long')
  const { client, sessionId, terminal } = seen
  await writing.reached()
  const thinking = world.model.hold('plain')
  await terminal.submit('[s:plain] Later')
  await terminal.waitForText('Press up to edit queued messages')
  writing.open()
  await thinking.reached()
  const isAnswered = ({ messages }: SessionState) => messages.some(({ content }) => content.startsWith('and so on'))
  await becomes(seen, 'the first answer', isAnswered)
  await soon(seen, 'working')
  thinking.open()
  const view = await turnEndedWith(client, sessionId, HELLO)
  expect(conversationOf(view).filter((line) => !line.includes('and so on'))).toEqual([
    'user: [s:long] Go',
    'user: [s:plain] Later',
    `assistant: ${HELLO}`,
  ])
})

claudeTest('a Claude within a command of another one is a session of its own', async (world) => {
  symlinkSync(claudeBinary(world.version), join(world.home.project, 'claude'))
  const inside = world.model.hold('plain')
  const seen = await prompted(world, 'nested', '--allowedTools', 'Bash')
  const { client, sessionId } = seen
  await inside.reached()
  const inner = await nextSession(client, [sessionId])
  await soon(inner, 'working')
  await soon(seen, 'working')
  inside.open()
  expect(await endSoon(inner)).toBe('other')
  const view = await turnEndedWith(client, sessionId, 'The inner one is done.')
  expect(conversationOf(view).at(-2)).toBe(`Bash: ${HELLO}`)
  expect(view.status).toBe('active')
  expect(await (await world.server.client()).followList()).toHaveLength(2)
})

const ERRORS = {
  'error-401': '401 scripted wrong key',
  'error-429': 'scripted limit',
  'error-529': '529 scripted overload',
  'error-midway': /scripted overload midway|Server error mid-response/,
} as const satisfies Partial<Record<ScriptName, string | RegExp>>

// The hooks of a failed turn are the same in both, and it takes its time to try again.
claudeTest(
  'errors of the service end the turn, each is told once, and the session goes on',
  async (world) => {
    const client = await world.serve()
    const terminal = await world.interactive()
    const told = () => conversationOf(client.view(sessionId)).filter((line) => line.startsWith('assistant: '))
    let sessionId = ''
    for (const [index, [script, text]] of Object.entries(ERRORS).entries()) {
      await terminal.submit(`[s:${script}] Go`)
      if (sessionId === '') sessionId = (await nextSession(client)).sessionId
      await terminal.waitForText(text)
      await soon({ client, sessionId }, 'waiting')
      const isTold = () => told().filter((line) => !line.includes('Only a part')).length === index + 1
      await becomes({ client, sessionId }, `the error of ${script}`, isTold)
      expect(told().at(-1)).toMatch(text)
    }
    await terminal.submit('[s:plain] Go on')
    await turnEndedWith(client, sessionId, HELLO)
  },
  ['2.1.197'],
)
