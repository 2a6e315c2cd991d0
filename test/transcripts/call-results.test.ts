import { describe, expect, test } from 'bun:test'
import { CallResults } from '../../src/transcripts/call-results.ts'

const at = Date.parse('2026-11-21T02:17:29.000Z')

function call(id: string, name: string, input: object): object {
  const message = { content: [{ type: 'tool_use', id, name, input }] }
  return { type: 'assistant', timestamp: '2026-11-21T02:17:29.000Z', message }
}

function result(id: string, toolUseResult: unknown, isError = false, text = 'x'): object {
  const message = { content: [{ type: 'tool_result', tool_use_id: id, content: text, is_error: isError }] }
  return { type: 'user', timestamp: '2026-11-21T02:17:30.000Z', message, toolUseResult }
}

const report = `<task-notification>
<task-id>a1</task-id>
<tool-use-id>t1</tool-use-id>
<status>killed</status>
</task-notification>`
const reported = {
  type: 'queue-operation',
  operation: 'enqueue',
  timestamp: '2026-11-21T02:17:30.000Z',
  content: report,
}

const meaning = (live: boolean, ...entries: readonly object[]) => {
  const results = new CallResults()
  return entries.flatMap((entry) => results.read(entry, live))
}

const input = { description: 'Look around', subagent_type: 'Explore' }
const told = { agentId: 'a1', agentType: 'Explore', toolUseId: 't1', description: 'Look around' }

describe('agents that the main thread starts', () => {
  test('have begun with their call and ended with its result, whenever it is read', () => {
    const content = [{ type: 'text', text: 'All fine.' }]
    const done = result('t1', { status: 'completed', agentId: 'a1', agentType: 'Explore', content })
    for (const live of [true, false])
      expect(meaning(live, call('t1', 'Agent', input), done)).toEqual([
        { type: 'subagent_started', ...told, background: false, at },
        {
          type: 'subagent_stopped',
          ...told,
          background: false,
          transcriptPath: null,
          outcome: 'completed',
          lastMessage: 'All fine.',
          at: at + 1_000,
        },
      ])
  })

  test('that went to the background end with their report', () => {
    const launched = [call('t1', 'Agent', input), result('t1', { status: 'async_launched', agentId: 'a1' })]
    const end = {
      type: 'subagent_stopped' as const,
      ...told,
      background: true,
      transcriptPath: null,
      outcome: 'stopped' as const,
      lastMessage: null,
      at: at + 1_000,
    }
    expect(meaning(true, ...launched, reported)).toEqual([
      { type: 'subagent_started', ...told, background: true, at },
      end,
    ])
    expect(meaning(false, ...launched, reported)).toEqual([end])
  })

  test('begin anew when somebody writes to them', () => {
    const wrote = [call('t1', 'SendMessage', { to: 'a1' }), result('t1', { success: true })]
    expect(meaning(true, ...wrote)).toEqual([{ type: 'subagent_resumed', agentId: 'a1', at: at + 1_000 }])
    expect(meaning(false, ...wrote)).toEqual([])
  })

  test('are over when their call fails', () => {
    const failed = [call('t1', 'Agent', input), result('t1', 'Error: no', true)]
    const end = { type: 'subagent_stopped', agentId: null, toolUseId: 't1' }
    expect(meaning(true, ...failed)).toMatchObject([{ ...end, outcome: 'failed' }])
    const refusal = "The user doesn't want to proceed with this tool use."
    const refused = [call('t1', 'Agent', input), result('t1', 'User rejected tool use', true, refusal)]
    expect(meaning(true, ...refused)).toMatchObject([{ ...end, outcome: 'stopped' }])
    expect(meaning(false, ...failed)).toEqual([])
  })
})

describe('tasks', () => {
  const done = result('t1', { success: true, taskId: '1' })

  test('change with the result of their call', () => {
    expect(meaning(false, call('t1', 'TaskUpdate', { taskId: '1', subject: 'Fix' }), done)).toEqual([
      {
        type: 'plan_changed',
        change: { kind: 'one', task: { id: '1', subject: 'Fix', status: null } },
        toolUseId: 't1',
      },
    ])
  })

  test('do not change with a call that fails, nor with one of a subagent or of another tool', () => {
    const update = call('t1', 'TaskUpdate', { taskId: '1', subject: 'Fix' })
    expect(meaning(true, update, result('t1', 'Error: no', true))).toEqual([])
    expect(meaning(true, { ...update, isSidechain: true }, { ...done, isSidechain: true })).toEqual([])
    expect(meaning(true, call('t1', 'Bash', {}), done)).toEqual([])
  })
})
