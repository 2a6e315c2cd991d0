import { expect, test } from 'bun:test'
import { claudeArguments, claudeEnvironment, isDirectClaude } from '../../../src/connectors/claude/launch.ts'

const launch = {
  sessionId: 'ours',
  conversationId: 'theirs',
  resumes: false,
  model: null,
  permissionMode: null,
  allowedTools: [],
  disallowedTools: [],
}

test('a new conversation gets the id that we choose, a known one is resumed', () => {
  const args = claudeArguments(launch)
  expect(args.join(' ')).toContain('--session-id theirs')
  expect(args).not.toContain('--model')
  expect(claudeArguments({ ...launch, resumes: true }).join(' ')).toContain('--resume theirs')
})

test('wishes reach the command line', () => {
  const wishes = {
    model: 'opus',
    permissionMode: 'plan',
    allowedTools: ['Bash(git:*)', 'Read'],
    disallowedTools: ['WebFetch'],
  }
  const line = claudeArguments({ ...launch, ...wishes }).join(' ')
  for (const part of [
    '--model opus',
    '--permission-mode plan',
    '--allowedTools Bash(git:*),Read',
    '--disallowedTools WebFetch',
  ])
    expect(line).toContain(part)
})

test('the environment is the server’s own, names the session, and hides that a Claude may be around it', () => {
  const env = claudeEnvironment({ HOME: '/home/dev', CLAUDECODE: '1', EMPTY: undefined }, 'ours')
  expect(env).toMatchObject({ HOME: '/home/dev', ORBITDOCK_SESSION_ID: 'ours', CLAUDE_CODE_ENTRYPOINT: 'orbitdock' })
  expect(Object.keys(env)).not.toContain('CLAUDECODE')
  expect(Object.keys(env)).not.toContain('EMPTY')
})

test('a command line of ours is told from any other', () => {
  expect(isDirectClaude(['claude', ...claudeArguments(launch)])).toBe(true)
  expect(isDirectClaude(['claude', '-p', 'Hello'])).toBe(false)
  expect(isDirectClaude(['claude', '--output-format', 'stream-json', '--permission-prompt-tool', 'mcp__x'])).toBe(false)
  expect(isDirectClaude([])).toBe(false)
})
