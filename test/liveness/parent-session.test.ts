import { expect, test } from 'bun:test'
import { forkedSession } from '../../src/liveness/parent-session.ts'

const ID = '2b1f7c1e-7e0a-4f6c-9a55-0c8f1d2e3a4b'

test.each([
  [['claude', '--resume', ID, '--fork-session'], ID],
  [['claude', '--fork-session', '--model', 'opus', '-r', ID, 'Go on'], ID],
  [['claude', `--resume=${ID}`, '--fork-session'], ID],
  [['claude', '--resume', 'The login bug', '--fork-session'], null],
  [['claude', '--continue', '--fork-session'], null],
  [['claude', '--fork-session', '--resume'], null],
  [['claude', '--resume', '--fork-session'], null],
  [['claude', '--resume', ID], null],
  [[], null],
])('%p forks %p', (commandLine, parent) => {
  expect(forkedSession(commandLine)).toBe(parent)
})
