import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { isBootstrap, lastMessageOf, nameOf, projectNameOf, titleOf } from '../../src/session/naming.ts'
import { CUT_MARK, cutJson, cutText } from '../../src/session/text.ts'
import { aDirectSession, aSession, prompt, reported, send } from '../support/builders.ts'
import { ask, changesIn, report } from './history.ts'

describe('titles', () => {
  test('NA1 the first prompt names the session for good: the original’s fault B-22 followed the latest', () => {
    const first = report(aSession(), prompt('  Fix   the\nlogin bug '))
    expect(changesIn(first.frames)).toMatchObject([{ first_prompt: 'Fix the login bug' }])
    const { state, frames } = report(first.state, prompt('And the tests'))
    expect(state.firstPrompt).toBe('Fix the login bug')
    expect(changesIn(frames).some((changes) => 'first_prompt' in changes)).toBe(false)
  })
  test('NA1 a prompt that only the transcript tells names it, too', () => {
    expect(report(aSession(), reported({ type: 'user', content: 'Fix it' })).state.firstPrompt).toBe('Fix it')
  })
  test('NA1 a long one is cut at 72 characters', () => {
    expect(titleOf('x'.repeat(73))).toBe(`${'x'.repeat(72)}…`)
    expect(titleOf('x'.repeat(72))).toBe('x'.repeat(72))
  })
  test.each([
    '<environment_context>\n<cwd>/x</cwd>',
    'Some <PERMISSIONS INSTRUCTIONS> here',
    '<collaboration_mode>',
    '<skill>x</skill>',
    '<turn_aborted>',
    'The user interrupted the previous turn on purpose.',
    '# AGENTS.md instructions for /proj',
    '<task-notification>\n<task-id>',
  ])('NA2 %p names nothing and is nobody’s last word', (text) => {
    expect(isBootstrap(text)).toBe(true)
    expect(titleOf(text)).toBeNull()
    expect(lastMessageOf(text)).toBeNull()
    expect(ask(aDirectSession(), send(text)).state.firstPrompt).toBeNull()
  })
  test('NA2 blanks name nothing', () => {
    expect([titleOf(' \n '), nameOf('  '), lastMessageOf('')]).toEqual([null, null, null])
  })
  test('NA4 a thread name is the custom name, a summary the summary, a blank one changes nothing', () => {
    const { state } = report(
      aSession({ summary: 'Old' }),
      { type: 'thread_named', name: ' Login ' },
      { type: 'summary_found', summary: ' ' },
    )
    expect(state).toMatchObject({ customName: 'Login', summary: 'Old' })
  })
  test('NA4 a project is called after its directory', () => {
    expect(['/a/proj', '/a/proj/', 'C:\\a\\proj', '/'].map(projectNameOf)).toEqual(['proj', 'proj', 'proj', null])
  })
})

describe('cutting', () => {
  test('NA3 a text is cut by characters and none is split: the original’s fault B-73', () => {
    expect(cutText('a😀b', 2)).toBe('a😀')
    expect(cutText('a😀b', 3)).toBe('a😀b')
    expect(cutText('😀😀😀', 2, '…')).toBe('😀😀…')
  })
  test('NA3 no cut leaves half a character', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(text, fc.nat({ max: 40 }), (given, charsMax) => {
        const cut = cutText(given, charsMax)
        expect(cut.isWellFormed()).toBe(true)
        expect([...cut].length).toBe(Math.min([...given].length, charsMax))
        expect(given.startsWith(cut)).toBe(true)
      }),
    )
  })
  test('SN2 JSON that is cut is still JSON of the same kind, and short enough', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
        fc.integer({ min: 4, max: 200 }),
        (value, charsMax) => {
          const text = JSON.stringify(value)
          const cut = cutJson(text, charsMax)
          const kind = (json: unknown) => (Array.isArray(json) ? 'list' : typeof json)
          expect(cut.length).toBeLessThanOrEqual(Math.max(charsMax, 4))
          if (text.length <= charsMax) expect(cut).toBe(text)
          if (typeof value === 'object') expect(kind(JSON.parse(cut))).toBe(kind(value))
        },
      ),
    )
  })
  test('SN2 the strings inside are cut first', () => {
    const cut = JSON.parse(cutJson(JSON.stringify({ file_path: '/a.ts', content: 'x'.repeat(9_000) }), 1_000))
    expect(cut.file_path).toBe('/a.ts')
    expect(cut.content).toEndWith(CUT_MARK)
  })
  test('SN2 what is no JSON is cut as text', () => {
    expect(cutJson('not json at all', 3)).toBe(`not${CUT_MARK}`)
  })
})
