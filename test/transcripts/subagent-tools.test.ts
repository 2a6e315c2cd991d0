import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSubagentTools, SubagentTools } from '../../src/transcripts/subagent-tools.ts'
import { recordedTranscript } from './recorded-transcripts.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'subagent-tools-')))
afterAll(() => rmSync(folder, { recursive: true }))

const called = (name: string, input: object, id = 't1') => ({
  type: 'assistant',
  uuid: 'u1',
  message: {
    content: [
      { type: 'text', text: 'x' },
      { type: 'tool_use', id, name, input },
    ],
  },
})
const answered = (content: unknown, id = 't1') => ({
  type: 'user',
  message: { content: [{ type: 'tool_result', tool_use_id: id, content }] },
})

function toolsOf(...entries: readonly unknown[]) {
  const tools = new SubagentTools()
  for (const entry of entries) tools.add(entry)
  return tools.list()
}

describe('the tools of a subagent', () => {
  test('are under way until their output comes', () => {
    expect(toolsOf(called('Read', { file_path: '/a/b.ts' }))).toEqual([
      { id: 'u1-tool-1', tool_name: 'Read', summary: '/a/b.ts', is_in_progress: true },
    ])
    expect(toolsOf(called('Read', {}), answered('ok'))).toMatchObject([{ output: 'ok', is_in_progress: false }])
    expect(
      toolsOf(
        called('Read', {}),
        answered([
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ]),
      ),
    ).toMatchObject([{ output: 'a\nb' }])
  })

  test('are also those that only hooks told of, behind the others', () => {
    const tools = new SubagentTools()
    tools.add(called('Read', { file_path: 'a.ts' }))
    const call = { name: 'Bash', input: '{"command":"ls"}', finished: false }
    for (const toolUseId of ['t1', 't2', null]) tools.addReported({ ...call, toolUseId })
    tools.addReported({ ...call, toolUseId: 't3', finished: true })
    expect(tools.list()).toMatchObject([
      { id: 'u1-tool-1', tool_name: 'Read' },
      { id: 't2', tool_name: 'Bash', summary: 'ls', is_in_progress: true },
      { id: 't3', is_in_progress: false },
    ])
  })

  test.each([
    ['Read', { file_path: '/home/dev/proj/a.ts' }, '.../proj/a.ts'],
    ['write', { file_path: 'a.ts' }, 'a.ts'],
    ['Edit', { patch: 'x\n*** Update File: src/a.ts\n' }, 'src/a.ts'],
    ['Edit', {}, 'Edit'],
    ['Bash', { command: 'echo a\necho b' }, 'echo a echo b'],
    ['Bash', { cmd: ['git', 'status'] }, 'git status'],
    ['Glob', { pattern: '*.ts' }, '*.ts'],
    ['Grep', { pattern: 'x' }, 'Pattern: x'],
    ['Task', { prompt: 'Look' }, 'Look'],
    ['WebFetch', { url: 'x' }, 'WebFetch'],
  ])('%s %p is summed up as %s', (name, input, summary) => {
    expect(toolsOf(called(name, input))).toMatchObject([{ summary }])
  })

  test('the original’s fault B-73: a summary is cut between characters', () => {
    const [tool] = toolsOf(called('Bash', { command: '😀'.repeat(60) }))
    expect(tool?.summary).toBe(`${'😀'.repeat(29)}…`)
  })

  test('survive whatever else stands in the file', () => {
    expect(toolsOf(null, 7, [], {}, { type: 'assistant', message: { content: [null, { type: 'tool_use' }] } })).toEqual(
      [],
    )
  })

  test('are read from a transcript of a real CLI', async () => {
    const path = join(folder, 'agent.jsonl')
    writeFileSync(path, recordedTranscript('p-agent.subagent'))
    expect(await readSubagentTools(path)).toMatchObject([
      { tool_name: 'Bash', summary: 'echo from-subagent', output: 'from-subagent', is_in_progress: false },
    ])
  })

  test('are none while there is no transcript', async () => {
    expect(await readSubagentTools(join(folder, 'none.jsonl'))).toEqual([])
  })
})
