/** The rows of a session are what its terminal shows: in order, each once, with and without hooks. */
import { expect } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { aPicture } from '../support/picture.ts'
import type { Terminal } from '../support/terminal.ts'
import type { TestClient } from '../support/test-client.ts'
import { type ClaudeWorld, claudeTest } from './claude-test.ts'
import { conversationOf, toolRows, turnEndedWith } from './conversation.ts'

const HELLO = 'Hello from the scripted model.'

function rowOf(client: TestClient, sessionId: string, content: RegExp): Promise<SessionState> {
  const isThere = ({ messages }: SessionState) => messages.some((row) => content.test(row.content))
  return client.waitForView(sessionId, `a row with ${content}`, isThere)
}

/** What somebody who comes later sees, which is what those see who were there. */
async function seenByAll({ server }: ClaudeWorld, client: TestClient, sessionId: string): Promise<SessionState> {
  const later = await (await server.client()).follow(sessionId)
  expect(later.messages).toEqual(client.view(sessionId).messages)
  return later
}

/** Waits for the end of a turn, on the screen too: what is entered while its hooks run may be lost. */
async function turnOver(client: TestClient, terminal: Terminal, sessionId: string, text: string): Promise<void> {
  await turnEndedWith(client, sessionId, text)
  await terminal.waitForText(new RegExp(`${text}\\s*✻ \\S+ for \\d`))
}

for (const hooks of ['hooks', 'no hooks'] as const) {
  claudeTest(`thoughts, tools, a picture, shell, commands and a compaction, with ${hooks}`, async (world) => {
    if (hooks === 'no hooks') await world.server.run('install-hooks', '--uninstall')
    writeFileSync(join(world.home.project, 'picture.png'), aPicture())
    const client = await world.serve()
    const terminal = await world.interactive('--allowedTools', 'Bash')
    await terminal.submit('[s:plain] Hi')
    const { session } = await client.expect('session_created')
    await client.follow(session.id)
    await turnOver(client, terminal, session.id, HELLO)
    await terminal.submit('[s:parallel] Go')
    await turnOver(client, terminal, session.id, 'All three are done.')
    await terminal.submit('[s:read-picture] Go')
    await turnOver(client, terminal, session.id, 'A nice picture.')
    await terminal.type('!')
    await terminal.submit('echo typed; echo oops >&2')
    await turnOver(client, terminal, session.id, 'The script is at its end.')
    await terminal.submit('/context')
    await rowOf(client, session.id, /^Context usage/i)
    await terminal.submit('/compact keep the names')
    await rowOf(client, session.id, /^\/compact keep the names$/)

    const view = await seenByAll(world, client, session.id)
    expect(conversationOf(view).map((row) => row.replace(/(Context usage)[\s\S]*/i, '$1').toLowerCase())).toEqual([
      'user: [s:plain] hi',
      'assistant: hello from the scripted model.',
      'user: [s:parallel] go',
      'bash: one',
      'bash: two',
      'read: # a project',
      'assistant: all three are done.',
      'user: [s:read-picture] go',
      'read: [image]',
      'assistant: a nice picture.',
      'shell: echo typed; echo oops >&2',
      'assistant: the script is at its end.',
      'user: /context',
      'assistant: context usage',
      'assistant: context compacted.',
      'user: /compact keep the names',
    ])
    const [thought, memory] = view.messages.filter(({ message_type }) => message_type === 'thinking')
    expect(thought?.content).toBe('A plain answer is wanted.')
    expect(memory?.content).toContain('continued from a previous conversation')
    expect(view.messages.find(({ message_type }) => message_type === 'shell')?.tool_output).toBe('typed\noops')
    for (const { duration_ms } of toolRows(view)) expect(duration_ms).toBeGreaterThanOrEqual(0)
    const [image] = toolRows(view).at(-1)?.images ?? []
    expect(image?.input_type).toBe('path')
    expect(readFileSync(image?.value ?? '').toString('latin1', 1, 4)).toBe('PNG')
  })
}

claudeTest('a session that is resumed, and one that is forked from it, tell each row once', async (world) => {
  const client = await world.serve()
  const inTerminal = async (prompt: string, ...args: string[]) => {
    const terminal = await world.interactive(...args)
    await terminal.submit(`[s:plain] ${prompt}`)
    return terminal
  }
  const leave = async (terminal: Terminal, sessionId: string, count: number) => {
    await client.waitForView(sessionId, `answer ${count}`, ({ messages }) => answers(messages) === count)
    await turnOver(client, terminal, sessionId, HELLO)
    await terminal.submit('/exit')
    await terminal.exited()
  }
  const one = await inTerminal('One')
  const { session: first } = await client.expect('session_created')
  await client.follow(first.id)
  await leave(one, first.id, 1)
  await leave(await inTerminal('Two', '--resume', first.id), first.id, 2)
  const three = await inTerminal('Three', '--resume', first.id, '--fork-session')
  const { session: fork } = await client.expect('session_created', ({ session }) => session.id !== first.id)
  await client.follow(fork.id)
  await leave(three, fork.id, 3)

  const said = (view: SessionState) => conversationOf(view).filter((row) => !row.includes('/exit'))
  const hello = `assistant: ${HELLO}`
  const before = ['user: [s:plain] One', hello, 'user: [s:plain] Two', hello]
  expect(said(await seenByAll(world, client, first.id))).toEqual(before)
  expect(said(await seenByAll(world, client, fork.id))).toEqual([...before, 'user: [s:plain] Three', hello])
  const { context_window: _, ...fill } = client.view(first.id).token_usage
  expect(client.view(fork.id).token_usage).toMatchObject(fill)
})

function answers(messages: SessionState['messages']): number {
  return messages.filter(({ content }) => content === HELLO).length
}
