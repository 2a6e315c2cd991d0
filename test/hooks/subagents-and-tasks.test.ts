import { describe, expect, test } from 'bun:test'
import { meaningOf } from './recorded-hooks.ts'

const launch = {
  hook_event_name: 'PostToolUse',
  tool_name: 'Agent',
  tool_use_id: 't1',
  tool_input: { description: 'Look around', subagent_type: 'Explore' },
}
const told = { agentId: 'a1', agentType: 'Explore', description: 'Look around', toolUseId: 't1', parentId: null }

describe('a call that starts an agent', () => {
  test('tells that it works in the background', () => {
    const tool_response = { isAsync: true, status: 'async_launched', agentId: 'a1' }
    expect(meaningOf({ ...launch, tool_response })[0]).toEqual({ type: 'subagent_started', ...told, background: true })
  })

  test('tells what it found, without the note that the CLI puts in front', () => {
    const content = [
      { type: 'text', text: '<tools-used-before-summary>Bash</tools-used-before-summary>' },
      { type: 'text', text: 'All fine.' },
    ]
    const tool_response = { status: 'completed', agentId: 'a1', agentType: 'Explore', content }
    expect(meaningOf({ ...launch, tool_response })[0]).toEqual({
      type: 'subagent_stopped',
      ...told,
      background: false,
      transcriptPath: null,
      outcome: 'completed',
      lastMessage: 'All fine.',
    })
  })

  test('inside of another agent names its parent', () => {
    const tool_response = { status: 'completed', agentId: 'a2', content: [] }
    expect(meaningOf({ ...launch, tool_response, agent_id: 'a1', agent_type: 'Plan' })).toMatchObject([
      { type: 'subagent_started', agentId: 'a1', agentType: 'Plan' },
      { type: 'subagent_stopped', agentId: 'a2', parentId: 'a1' },
      { type: 'tool_finished', agentId: 'a1' },
    ])
  })
})

describe('agents in the background', () => {
  const agent = { id: 'a1', type: 'subagent', status: 'running', description: 'Look around', agent_type: 'Explore' }

  test('are listed at a stop, so that one whose start was lost is known', () => {
    const background_tasks = [agent, { id: 'b1', type: 'shell', status: 'running', command: 'sleep 300' }]
    expect(meaningOf({ hook_event_name: 'Stop', background_tasks })).toEqual([
      { type: 'subagent_started', agentId: 'a1', agentType: 'Explore', description: 'Look around', background: true },
      {
        type: 'background_tasks_listed',
        tasks: [
          { id: 'a1', kind: 'agent', description: 'Look around', toolUseId: null },
          { id: 'b1', kind: 'shell', description: 'sleep 300', toolUseId: null },
        ],
        gone: 'completed',
      },
      { type: 'turn_completed', lastMessage: null, background: true, subagents: ['a1'] },
    ])
  })

  test('are not listed by older versions', () => {
    expect(meaningOf({ hook_event_name: 'Stop' })).toEqual([
      { type: 'turn_completed', lastMessage: null, background: false },
    ])
  })

  test.each([
    ['completed', 'completed'],
    ['failed', 'failed'],
    ['killed', 'stopped'],
  ])('report that they are %s', (status, outcome) => {
    const prompt = `<task-notification>
<task-id>a1</task-id>
<tool-use-id>t1</tool-use-id>
<status>${status}</status>
<summary>Agent "Look around" finished</summary>
<result>I saw </result> and more.</result>
</task-notification>`
    expect(meaningOf({ hook_event_name: 'UserPromptSubmit', prompt })).toMatchObject([
      { type: 'subagent_stopped', agentId: 'a1', outcome, lastMessage: 'I saw </result> and more.' },
      { type: 'background_task_ended', id: 'a1', outcome },
      { type: 'prompt_submitted', text: null },
    ])
  })
})

describe('what happens inside of an agent', () => {
  const inside = { agent_id: 'a1', agent_type: 'Explore' }

  test('and fails is none of the turn', () => {
    const failure = { hook_event_name: 'StopFailure', error: 'unknown', last_assistant_message: 'API Error: 400' }
    expect(meaningOf({ ...failure, ...inside }).slice(1)).toEqual([
      {
        type: 'subagent_stopped',
        agentId: 'a1',
        agentType: null,
        transcriptPath: null,
        outcome: 'failed',
        lastMessage: 'API Error: 400',
      },
    ])
  })

  test.each(['PreCompact', 'PostCompact'])('and compacts its context is none of the session: %s', (hook_event_name) => {
    expect(meaningOf({ hook_event_name, trigger: 'auto', ...inside }).slice(1)).toEqual([])
  })

  test('begins anew when somebody writes to it', () => {
    const call = { hook_event_name: 'PostToolUse', tool_name: 'SendMessage', tool_input: { to: 'a1' } }
    const resumed = { type: 'subagent_resumed', agentId: 'a1' }
    expect(meaningOf({ ...call, tool_response: { success: true } })[0]).toEqual(resumed as never)
    expect(meaningOf({ ...call, tool_response: { success: false } })[0]).toMatchObject({ type: 'tool_finished' })
  })
})

describe('the list of tasks', () => {
  const call = (tool_name: string, tool_input: object, tool_response: object, over: object = {}) =>
    meaningOf({ hook_event_name: 'PostToolUse', tool_use_id: 't1', tool_name, tool_input, tool_response, ...over })
      .filter(({ type }) => type === 'plan_changed')
      .map((event) => (event.type === 'plan_changed' ? event.change : null))

  test('gets a new one', () => {
    expect(call('TaskCreate', { subject: 'Test' }, { task: { id: '1', subject: 'Test' } })).toEqual([
      { kind: 'one', task: { id: '1', subject: 'Test', status: null } },
    ])
  })

  test.each([
    [{ status: 'in_progress' }, { subject: null, status: 'inProgress' }],
    [{ status: 'completed' }, { subject: null, status: 'completed' }],
    [{ status: 'deleted' }, { subject: null, status: 'removed' }],
    [{ subject: 'Fix' }, { subject: 'Fix', status: null }],
  ])('has one changed: %j', (changes, task) => {
    expect(call('TaskUpdate', { taskId: '1', ...changes }, { success: true, taskId: '1' })).toEqual([
      { kind: 'one', task: { id: '1', ...task } },
    ] as ReturnType<typeof call>)
  })

  test('stays as it is when a change fails', () => {
    expect(call('TaskUpdate', { taskId: '9', status: 'completed' }, { success: false, taskId: '9' })).toEqual([])
  })

  test('comes as a whole, also from older versions', () => {
    const tasks = [{ id: '2', subject: 'Fix', status: 'pending', blockedBy: [] }]
    expect(call('TaskList', {}, { tasks })).toEqual([
      { kind: 'all', tasks: [{ id: '2', subject: 'Fix', status: 'pending' }] },
    ])
    const todos = [{ content: 'Fix', status: 'in_progress', activeForm: 'Fixing' }]
    const whole = [{ kind: 'all' as const, tasks: [{ id: '1', subject: 'Fix', status: 'inProgress' as const }] }]
    expect(call('TodoWrite', { todos }, {})).toEqual(whole)
    expect(call('TodoWrite', { todos }, {}, { agent_id: 'a1' })).toEqual([])
  })
})
