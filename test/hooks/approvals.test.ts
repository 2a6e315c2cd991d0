import { describe, expect, test } from 'bun:test'
import { hookEvents } from '../../src/hooks/translate.ts'
import { aHook, meaningOf } from './recorded-hooks.ts'

function asked(tool_name: string, tool_input: unknown, rest: object = {}, waiting = true) {
  const events = meaningOf({ hook_event_name: 'PermissionRequest', tool_name, tool_input, ...rest }, waiting)
  const [event, ...others] = events.filter(({ type }) => type !== 'subagent_started')
  expect(others).toEqual([])
  return event
}

describe('a permission request', () => {
  test('for a command', () => {
    const suggestions = [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }]
    expect(asked('Bash', { command: 'rm x' }, { permission_suggestions: suggestions, agent_id: 'a1' })).toEqual({
      type: 'approval_requested',
      requestId: null,
      kind: 'exec',
      toolName: 'Bash',
      toolInput: '{"command":"rm x"}',
      command: 'rm x',
      filePath: null,
      diff: null,
      question: null,
      plan: null,
      proposedAmendment: null,
      suggestions: JSON.stringify(suggestions),
      agentId: 'a1',
      eventId: 'e1',
      answerable: true,
    })
  })

  test('for another tool names the tool and what it is given, in one short line', () => {
    expect(asked('mcp__demo__add', { a: 2 })).toMatchObject({ kind: 'exec', command: 'mcp__demo__add {"a":2}' })
    expect(asked('mcp__demo__ask', {})).toMatchObject({ command: 'mcp__demo__ask' })
    const long = asked('WebFetch', { url: 'x'.repeat(5000) })
    expect(long?.type === 'approval_requested' && long.command?.length).toBe('WebFetch '.length + 200)
  })

  test('for an edit shows a real diff', () => {
    const edit = { file_path: '/p/notes.txt', old_string: 'one\ntwo\nthree\n', new_string: 'one\n2\nthree\n' }
    expect(asked('Edit', edit)).toMatchObject({
      kind: 'patch',
      filePath: '/p/notes.txt',
      command: null,
      diff: '--- /p/notes.txt\n+++ /p/notes.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three',
    })
  })

  test('for several edits of a file shows each', () => {
    const edits = [
      { old_string: 'a', new_string: 'b' },
      { old_string: 'c', new_string: '' },
    ]
    expect(asked('MultiEdit', { file_path: '/p/x', edits })).toMatchObject({
      diff: '--- /p/x\n+++ /p/x\n@@ -1,1 +1,1 @@\n-a\n+b\n@@ -1,1 +0,0 @@\n-c',
    })
  })

  test('for a file or a notebook cell shows the new content', () => {
    expect(asked('Write', { file_path: '/p/x', content: 'a\nb\n' })).toMatchObject({
      kind: 'patch',
      diff: '--- /dev/null\n+++ /p/x\n@@ -0,0 +1,2 @@\n+a\n+b',
    })
    expect(asked('NotebookEdit', { notebook_path: '/p/x.ipynb', new_source: '1' })).toMatchObject({
      kind: 'patch',
      filePath: '/p/x.ipynb',
      diff: expect.stringContaining('+1'),
    })
  })

  test('that asks the person lists the questions', () => {
    const questions = [{ question: 'Which database?' }, { question: 'Which port?' }]
    expect(asked('AskUserQuestion', { questions })).toMatchObject({
      kind: 'question',
      question: 'Which database?\nWhich port?',
    })
    expect(asked('AskUserQuestion', { question: 'Ship?' })).toMatchObject({ question: 'Ship?' })
  })

  test('for a plan shows the plan', () => {
    const withPlan = asked('ExitPlanMode', { plan: '1. Do it' })
    expect(withPlan).toMatchObject({
      kind: 'question',
      plan: '1. Do it',
      question: expect.stringContaining('1. Do it'),
    })
    expect(asked('ExitPlanMode', {})).toMatchObject({ kind: 'question', plan: null, question: 'Approve the plan?' })
  })

  test('can only be answered here while a hook waits', () => {
    expect(asked('Bash', {}, {}, false)).toMatchObject({ answerable: false })
  })

  test('that is posted again is asked again, and tells nothing else', () => {
    const again = { eventId: 'e1', waiting: true, repeated: true }
    const permission = aHook({ hook_event_name: 'PermissionRequest', tool_name: 'Bash', tool_input: {} })
    expect(hookEvents(permission, again)).toMatchObject([
      { type: 'approval_requested', eventId: 'e1', answerable: true },
    ])
    expect(hookEvents(aHook({ hook_event_name: 'SessionStart' }), again)).toEqual([])
  })
})
