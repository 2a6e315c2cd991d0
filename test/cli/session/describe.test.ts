import { expect, test } from 'bun:test'
import { ageOf, byUrgency, costOf, projectOf, timeOf, titleOf, toolLine } from '../../../src/cli/session/describe.ts'
import { shortIds } from '../../../src/cli/session/find-session.ts'
import { aSummary } from '../../support/wire-builders.ts'

test('a session is called by the best name it has', () => {
  const facts = { summary: 'Login bug', first_prompt: 'fix it', project_name: 'engine' }
  expect(titleOf(aSummary({ ...facts, custom_name: 'Mine' }))).toBe('Mine')
  expect(titleOf(aSummary(facts))).toBe('Login bug')
  expect(titleOf(aSummary({ first_prompt: '<b>fix</b>\n it' }))).toBe('fix it')
  expect(titleOf(aSummary({ custom_name: '  ', project_name: null }))).toBe('engine')
})

test('a project shows its branch, and whether something in it is not committed', () => {
  expect(projectOf(aSummary({ git_branch: 'main' }))).toBe('engine (main)')
  expect(projectOf(aSummary({ git_branch: 'main', git_dirty: true }))).toBe('engine (main*)')
  expect(projectOf(aSummary({ project_name: null }))).toBe('engine')
})

test('a cost is dollars and cents, and nothing where nobody knows it', () => {
  expect([0, 0.0149, 12.5].map((cost_usd) => costOf(aSummary({ cost_usd })))).toEqual(['$0.00', '$0.01', '$12.50'])
  expect(costOf(aSummary())).toBe('')
})

test('both forms of time are read, and nonsense is no time', () => {
  expect(timeOf('1771700000Z')).toBe(1_771_700_000_000)
  expect(timeOf('1771700000.5Z')).toBe(1_771_700_000_500)
  expect(timeOf('2026-02-21T18:53:20Z')).toBe(Date.UTC(2026, 1, 21, 18, 53, 20))
  for (const text of ['', '0', 'soon', null, undefined]) expect(timeOf(text)).toBeNull()
})

test('ages are one short word', () => {
  const ages = [0, 59, 60, 3_599, 3_600, 86_399, 86_400].map((seconds) => ageOf('1000Z', (1000 + seconds) * 1000))
  expect(ages).toEqual(['now', '59s', '1m', '59m', '1h', '23h', '1d'])
  expect(ageOf('1000Z', 0)).toBe('now')
  expect(ageOf(null, 0)).toBe('')
})

test('a tool is described by its name and the telling part of its input', () => {
  expect(toolLine('Bash', '{"command":"npm\\ntest","description":"run"}')).toBe('Bash  npm test')
  expect(toolLine('Read', '{"file_path":"/a"}')).toBe('Read  /a')
  expect(toolLine('AskUserQuestion', '{"questions":[{"question":"Which?"}]}')).toBe('AskUserQuestion  Which?')
  expect(toolLine('TodoWrite', '{"todos":[]}')).toBe('TodoWrite')
  expect(toolLine('Bash', '{"command":"cut off')).toBe('Bash')
  expect(toolLine(null, null)).toBe('')
})

test('those who wait for somebody come first, the longest waiting on top', () => {
  const sessions = [
    aSummary({ id: 'ended', status: 'ended', work_status: 'ended', last_activity_at: '9Z' }),
    aSummary({ id: 'working', last_activity_at: '8Z' }),
    aSummary({ id: 'waiting', work_status: 'waiting', last_activity_at: '1Z' }),
    aSummary({ id: 'waiting since now', work_status: 'waiting', last_activity_at: '7Z' }),
    aSummary({ id: 'question', work_status: 'question', last_activity_at: '6Z' }),
    aSummary({ id: 'permission', work_status: 'permission', last_activity_at: '5Z' }),
    aSummary({ id: 'ended in a prompt', status: 'ended', work_status: 'permission', last_activity_at: '3Z' }),
  ]
  expect(sessions.sort(byUrgency).map(({ id }) => id)).toEqual([
    'permission',
    'question',
    'waiting since now',
    'waiting',
    'working',
    'ended',
    'ended in a prompt',
  ])
})

test('ids are cut where they still differ', () => {
  const ids = ['0199aabb-ccdd-7111', '0199aabb-ccee-7111', '1a2b3c4d-0000-4000', 'x']
  expect([...shortIds(ids).values()].sort()).toEqual(['0199aabb-ccd', '0199aabb-cce', '1a2b3c4d', 'x'])
  expect([...shortIds(['same', 'same-and-more']).values()].sort()).toEqual(['same', 'same-and'])
})
