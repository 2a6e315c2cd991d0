import { expect, test } from 'bun:test'
import { paintFor } from '../../../src/cli/paint.ts'
import { ConversationPrinter } from '../../../src/cli/session/conversation-printer.ts'
import type { ServerMessage } from '../../../src/protocol/server/index.ts'
import { aMessage, aRequest, aSnapshot } from '../../support/wire-builders.ts'

const session_id = aSnapshot().id

/** What a terminal shows after these frames, and a way to show more. */
function printed(...frames: readonly ServerMessage[]) {
  let text = ''
  const printer = new ConversationPrinter({
    write: (part) => {
      text += part
    },
    paint: paintFor(false),
    columns: () => 60,
    commandLine: (verb) => `orbitdock-server session ${verb} 1a2b`,
  })
  const show = (...more: readonly ServerMessage[]) => {
    const before = text.length
    for (const frame of more) printer.show(frame)
    return text.slice(before)
  }
  show(...frames)
  return { text, show }
}

const appended = (message: Parameters<typeof aMessage>[0]): ServerMessage => ({
  type: 'message_appended',
  session_id,
  message: aMessage(message),
})
const status = (work_status: 'working' | 'waiting'): ServerMessage => ({
  type: 'session_delta',
  session_id,
  changes: { work_status },
})

test('a snapshot shows who this is and how it goes', () => {
  const session = aSnapshot({
    custom_name: 'Login bug',
    git_branch: 'main',
    cost_usd: 0.0123,
    messages: [
      aMessage({ id: '1', message_type: 'user', content: 'Fix it\nplease' }),
      aMessage({ id: '2', content: 'Done.' }),
    ],
    work_status: 'waiting',
  })
  expect(printed({ type: 'session_snapshot', session }).text).toBe(
    `Login bug\nclaude  claude-opus-4  engine (main)  $0.01  ${session.id}\n\n> Fix it\n> please\n\nDone.\n— waiting\n`,
  )
})

test('of a long conversation the end is shown', () => {
  const messages = Array.from({ length: 50 }, (_, index) => aMessage({ id: `${index}`, content: `line ${index}.` }))
  const { text } = printed({ type: 'session_snapshot', session: aSnapshot({ messages }) })
  expect(text).toContain('… 30 earlier messages')
  expect(text).toContain('line 30.')
  expect(text).not.toContain('line 29.')
})

test('a snapshot after an interruption adds only what is new', () => {
  const messages = Array.from({ length: 30 }, (_, index) => aMessage({ id: `${index}`, content: `line ${index}.` }))
  const { show } = printed({ type: 'session_snapshot', session: aSnapshot({ messages }) })
  const more = [...messages, aMessage({ id: 'new', content: 'And on.' })]
  expect(show({ type: 'session_snapshot', session: aSnapshot({ messages: more }) }).trim()).toBe('And on.')
})

test('text that grows is continued, not repeated', () => {
  const { show } = printed(appended({ content: 'Once' }))
  const update = (content: string): ServerMessage => ({
    type: 'message_updated',
    session_id,
    message_id: 'm1',
    changes: { content },
  })
  expect(show(update('Once upon'), update('Once upon\na time'))).toBe(' upon\na time')
  expect(show(status('waiting'))).toBe('\n— waiting\n')
})

test('thinking is one line, written when something follows it', () => {
  const { text, show } = printed(appended({ id: 'th', message_type: 'thinking', content: 'A plain' }))
  expect(text).toBe('')
  const grown: ServerMessage = {
    type: 'message_updated',
    session_id,
    message_id: 'th',
    changes: { content: 'A plain answer\nis wanted.' },
  }
  expect(show(grown)).toBe('')
  expect(show(appended({ content: 'Hello.' }))).toBe('∴ A plain answer is wanted.\n\nHello.')
  expect(show(grown, status('waiting'))).toBe('\n— waiting\n')
})

test('a frame that comes again changes nothing', () => {
  const frames = [appended({ content: 'Hello.' }), status('waiting')]
  expect(printed(...frames).show(...frames)).toBe('')
})

test('a tool shows what it does and how it went', () => {
  const tool = aMessage({
    id: 't',
    message_type: 'tool',
    tool_name: 'Bash',
    tool_input: '{"command":"ls"}',
    content: 'ls',
  })
  const done: ServerMessage = {
    type: 'message_updated',
    session_id,
    message_id: 't',
    changes: { tool_output: 'a\nb\nc', duration_ms: 1500 },
  }
  const { text, show } = printed({ type: 'message_appended', session_id, message: tool })
  expect(text).toBe('● Bash  ls\n')
  expect(show(done)).toBe('  ⎿ a (+2 lines) 1.5 s\n')
  expect(show(done)).toBe('')
})

test('a result that comes later names its tool', () => {
  const tool = (id: string, name: string) => appended({ id, message_type: 'tool', tool_name: name, content: name })
  const { show } = printed(tool('1', 'Read'), tool('2', 'Bash'))
  const changes = { tool_output: 'text', is_error: true }
  expect(show({ type: 'message_updated', session_id, message_id: '1', changes })).toBe('  ⎿ Read: text\n')
})

test('a prompt is shown once, with the ways to answer it', () => {
  const request = aRequest({ session_id })
  const asked: ServerMessage = { type: 'approval_requested', session_id, request }
  const { text, show } = printed(asked)
  expect(text).toBe(
    '\n! Permission: Bash  rm -rf build\n  → orbitdock-server session approve 1a2b\n' +
      '  → orbitdock-server session approve 1a2b -d denied\n',
  )
  expect(show(asked, { type: 'session_delta', session_id, changes: { pending_approval: request } })).toBe('')
})

test('a question shows its choices', () => {
  const questions = [{ question: 'Which database?', options: [{ label: 'SQLite' }, { label: 'Postgres' }] }]
  const request = aRequest({ type: 'question', question: 'Which database?', tool_input: JSON.stringify({ questions }) })
  expect(printed({ type: 'approval_requested', session_id, request }).text).toBe(
    '\n? Question\n  Which database?\n    1. SQLite\n    2. Postgres\n  → orbitdock-server session answer 1a2b TEXT\n',
  )
})

test('a prompt that only the terminal can answer says so', () => {
  const request = aRequest({ answerable: false })
  const { text } = printed({ type: 'approval_requested', session_id, request })
  expect(text).toContain('answer it in the terminal')
  expect(text).not.toContain('approve')
})

test('a prompt that can be answered after all is shown again', () => {
  const asked = (answerable: boolean): ServerMessage => ({
    type: 'approval_requested',
    session_id,
    request: aRequest({ answerable }),
  })
  const { show } = printed(asked(false))
  expect(show(asked(true))).toContain('session approve 1a2b\n')
  expect(show(asked(true))).toBe('')
})

test('what an agent writes cannot drive the terminal', () => {
  const evil = '\u001b]0;owned\u0007\u001b[2Jtext\u009b1m'
  const types = ['user', 'assistant', 'thinking', 'tool', 'tool_result', 'steer', 'shell'] as const
  const { text } = printed(
    ...types.map((message_type) =>
      appended({ id: message_type, message_type, content: evil, tool_name: evil, tool_output: evil }),
    ),
    { type: 'approval_requested', session_id, request: aRequest({ tool_name: evil, question: evil }) },
    { type: 'session_ended', session_id, reason: evil },
    { type: 'error', code: 'x', message: evil, session_id },
  )
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})

test('subagents are shown as they start and end', () => {
  const subagent = { id: 'a1', agent_type: 'Explore', started_at: '1771700000Z', description: 'Find the tests' }
  const update = (facts: object): ServerMessage => ({
    type: 'subagent_updated',
    session_id,
    subagent: { ...subagent, ...facts },
  })
  const { text, show } = printed(update({ status: 'running', tool_count: 0 }))
  expect(text).toBe('◇ Explore: Find the tests\n')
  expect(show(update({ status: 'running', tool_count: 1 }))).toBe('')
  expect(show(update({ status: 'completed', tool_count: 2 }))).toBe(
    '◇ Explore: Find the tests, completed after 2 calls\n',
  )
})
