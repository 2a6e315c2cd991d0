import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { readableOutput } from '../../src/lib/claude-tool-output.ts'

describe('the result of a tool as text', () => {
  test.each([
    ['nothing', null, null],
    ['a text', 'done', 'done'],
    ['an empty text', '', ''],
    ['a command', { stdout: 'out', stderr: 'err', interrupted: false }, 'out\nerr'],
    ['a silent command', { stdout: '', stderr: '' }, ''],
    ['a command that drew a picture', { stdout: 'data:image/png;base64,AAAA', stderr: '', isImage: true }, '[image]'],
    ['a file that was read', { type: 'text', file: { filePath: '/f', content: 'a\nb\n' } }, 'a\nb\n'],
    ['a picture that was read', { type: 'image', file: { base64: 'AAAA', type: 'image/png' } }, '[image]'],
    ['a document that was read', { type: 'pdf', file: { filePath: '/f', base64: 'AAAA' } }, '[document]'],
    [
      'a command in the background',
      { stdout: '', stderr: '', backgroundTaskId: 'b1' },
      'Running in the background as b1',
    ],
    ['an agent in the background', { status: 'async_launched', agentId: 'a1' }, 'Running in the background as a1'],
    [
      'a notebook cell',
      { notebook_path: '/n', old_source: 'a', new_source: 'b' },
      '--- /n\n+++ /n\n@@ -1,1 +1,1 @@\n-a\n+b',
    ],
    ['no files that were found', { filenames: [], numFiles: 0 }, 'Nothing found'],
    ['a file that was made', { type: 'create', filePath: '/f', content: 'a', structuredPatch: [] }, 'Created /f'],
    ['answers', { questions: [], answers: { 'Which database?': 'SQLite' } }, 'Which database? SQLite'],
    ['an agent', { status: 'completed', content: [{ type: 'text', text: 'All fine.' }] }, 'All fine.'],
    ['files that were found', { filenames: ['/a', '/b'], numFiles: 2 }, '/a\n/b'],
    ['lines that were found', { mode: 'content', content: 'a:1', filenames: [] }, 'a:1'],
    ['a plan', { plan: '# Plan', filePath: '/plans/x.md' }, '# Plan'],
    ['a page', { result: 'The page says hello.', url: 'https://example.org' }, 'The page says hello.'],
    ['blocks', [{ type: 'text', text: '5' }, { type: 'image' }, 'x'], '5\n[image]\nx'],
    ['anything else', { success: true, taskId: '1' }, '{"success":true,"taskId":"1"}'],
    ['a number', 5, '5'],
  ])('%s', (_, result, text) => {
    expect(readableOutput(result)).toBe(text)
  })

  test('an edit', () => {
    const structuredPatch = [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-a', '+b'] }]
    expect(readableOutput({ filePath: '/f', structuredPatch, originalFile: 'a' })).toBe(
      '--- /f\n+++ /f\n@@ -1,1 +1,1 @@\n-a\n+b',
    )
  })

  test('whatever it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (result) => void readableOutput(result)))
  })
})
