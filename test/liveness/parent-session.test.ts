import { expect, test } from 'bun:test'
import { forkedSession } from '../../src/liveness/parent-session.ts'

test.each([
  [['claude', '--resume', 'a', '--fork-session'], 'a'],
  [['claude', '--fork-session', '--model', 'opus', '-r', 'a', 'Go on'], 'a'],
  [['claude', '--resume=a', '--fork-session'], 'a'],
  [['claude', '--continue', '--fork-session'], null],
  [['claude', '--fork-session', '--resume'], null],
  [['claude', '--resume', '--fork-session'], null],
  [['claude', '--resume', 'a'], null],
  [[], null],
])('%p forks %p', (commandLine, parent) => {
  expect(forkedSession(commandLine)).toBe(parent)
})
