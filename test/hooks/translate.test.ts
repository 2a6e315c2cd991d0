import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseHook } from '../../src/hooks/parse-hook.ts'
import { hookEvents, isKnownHookEvent } from '../../src/hooks/translate.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { aHook, meaningOf, recordedBodies, scenarios } from './recorded-hooks.ts'

function eventsOf(body: Readonly<Record<string, unknown>>): readonly SessionEvent[] {
  return hookEvents(aHook(body), { eventId: 'e1', waiting: false, repeated: false })
}

describe('every hook that a real CLI sent', () => {
  test.each(scenarios)('%s', (scenario) => {
    const told = recordedBodies(scenario).map((body) => {
      const parsed = parseHook(body)
      if (!parsed.ok) throw new Error(parsed.reason)
      const { hook, eventId } = parsed
      expect(isKnownHookEvent(hook.event)).toBe(true)
      const events = hookEvents(hook, { eventId, waiting: hook.event === 'PermissionRequest', repeated: false })
      return `${hook.event.padEnd(20)} ${events.map(summary).join(', ')}`
    })
    expect(told).toMatchSnapshot()
  })
})

describe('the description of a session', () => {
  test('comes first and lists the session, whatever the first hook is', () => {
    expect(eventsOf({ hook_event_name: 'PreToolUse', tool_name: 'Bash' })[0]).toEqual({
      type: 'session_described',
      quiet: false,
      cwd: '/home/dev/proj',
    })
  })

  test('is all that a start tells, and lists nothing', () => {
    const start = {
      hook_event_name: 'SessionStart',
      source: 'startup',
      model: 'claude-opus-4-8[1m]',
      transcript_path: '/t.jsonl',
      permission_mode: 'plan',
      agent_type: 'reviewer',
      terminal_app: 'iTerm.app',
      terminal_session_id: 'w0t0',
    }
    expect(eventsOf(start)).toEqual([
      {
        type: 'session_described',
        quiet: true,
        cwd: '/home/dev/proj',
        source: 'startup',
        model: 'claude-opus-4-8[1m]',
        transcriptPath: '/t.jsonl',
        permissionMode: 'plan',
        agentType: 'reviewer',
        terminalApp: 'iTerm.app',
        terminalSessionId: 'w0t0',
      },
    ])
  })

  test('takes the name of a model from an object', () => {
    const start = { hook_event_name: 'SessionStart', model: { id: 'claude-opus-4-8', display_name: 'Opus' } }
    expect(eventsOf(start)[0]).toMatchObject({ model: 'claude-opus-4-8' })
  })

  test('has no source when the start belongs to a compaction', () => {
    expect(eventsOf({ hook_event_name: 'SessionStart', source: 'compact' })).toEqual([
      { type: 'session_described', quiet: true, cwd: '/home/dev/proj' },
    ])
  })

  test('is quiet for what a CLI reports before anybody typed', () => {
    expect(eventsOf({ hook_event_name: 'InstructionsLoaded' })[0]).toMatchObject({ quiet: true })
  })

  test('does not take the type of a subagent for that of the session', () => {
    const inside = { hook_event_name: 'PreToolUse', tool_name: 'Bash', agent_id: 'a1', agent_type: 'Explore' }
    expect(eventsOf({ ...inside, permission_mode: 'plan' })[0]).not.toHaveProperty('agentType')
    expect(meaningOf({ ...inside, permission_mode: 'plan' }).map(({ type }) => type)).toEqual([
      'subagent_started',
      'tool_started',
    ])
  })

  test('carries the effort, and the permission mode follows it', () => {
    const [described, mode] = eventsOf({ hook_event_name: 'Stop', permission_mode: 'auto', effort: { level: 'high' } })
    expect(described).toMatchObject({ effort: 'high' })
    expect(mode).toEqual({ type: 'permission_mode_reported', mode: 'auto' })
  })
})

describe('a turn', () => {
  test('begins with what the person typed', () => {
    expect(meaningOf({ hook_event_name: 'UserPromptSubmit', prompt: 'Fix it', prompt_id: 'p1' })).toEqual([
      { type: 'prompt_submitted', text: 'Fix it', promptId: 'p1' },
    ])
  })

  test('began when the hook script ran, however late the hook arrives', () => {
    const prompt = { hook_event_name: 'UserPromptSubmit', prompt: 'Fix it', sent_at: 1_771_668_000 }
    expect(meaningOf(prompt)).toMatchObject([{ type: 'prompt_submitted', at: 1_771_668_000_000 }])
  })

  test('that the CLI began by itself shows no prompt', () => {
    const notification = { hook_event_name: 'UserPromptSubmit', prompt: '<task-notification>\n<task-id>b1</task-id>' }
    expect(meaningOf(notification).at(-1)).toMatchObject({ type: 'prompt_submitted', text: null })
    const scheduled = { hook_event_name: 'UserPromptSubmit', prompt: 'Message from a peer', source: 'system' }
    expect(meaningOf(scheduled)).toMatchObject([{ type: 'prompt_submitted', text: null }])
  })

  test('is over at a stop, unless work of it goes on in the background', () => {
    const stop = { hook_event_name: 'Stop', last_assistant_message: 'Done.' }
    expect(meaningOf({ ...stop, background_tasks: [] })).toEqual([
      { type: 'background_tasks_listed', tasks: [], gone: 'completed' },
      { type: 'turn_completed', lastMessage: 'Done.', background: false, subagents: [] },
    ])
    expect(meaningOf({ ...stop, background_tasks: [{ id: 'b1', status: 'running' }] })).toMatchObject([
      { type: 'background_tasks_listed' },
      { background: true },
    ])
    expect(meaningOf({ ...stop, background_tasks: [{ id: 'b1', type: 'shell', status: 'running' }] })).toMatchObject([
      { type: 'background_tasks_listed' },
      { background: false },
    ])
    expect(meaningOf({ ...stop, background_tasks: [{ id: 'b1', status: 'completed' }] })).toMatchObject([
      { type: 'background_tasks_listed' },
      { background: false },
    ])
  })

  test('that failed says why', () => {
    expect(
      meaningOf({ hook_event_name: 'StopFailure', error: 'rate_limit', last_assistant_message: 'API Error: 429' }),
    ).toEqual([{ type: 'turn_failed', code: 'rate_limit', message: 'API Error: 429' }])
  })

  test.each([
    ['permission_prompt', 'permission'],
    ['elicitation_dialog', 'question'],
    ['idle_prompt', 'reply'],
  ])('that waits says so: %s', (notification_type, reason) => {
    expect(meaningOf({ hook_event_name: 'Notification', notification_type })).toMatchObject([
      { type: 'attention_noted', reason },
    ])
  })

  test('is not moved by other notifications', () => {
    expect(meaningOf({ hook_event_name: 'Notification', notification_type: 'auth_success' })).toEqual([])
  })
})

describe('a tool call', () => {
  const call = { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: 't1' }

  test('begins', () => {
    expect(meaningOf({ hook_event_name: 'PreToolUse', ...call, agent_id: 'a1' }).slice(1)).toEqual([
      { type: 'tool_started', toolUseId: 't1', name: 'Bash', input: '{"command":"ls"}', agentId: 'a1' },
    ])
  })

  test('ends with its output and duration', () => {
    const post = {
      hook_event_name: 'PostToolUse',
      ...call,
      tool_response: { stdout: 'x', stderr: '', interrupted: false },
      duration_ms: 12,
    }
    expect(meaningOf(post)).toEqual([
      {
        type: 'tool_finished',
        toolUseId: 't1',
        name: 'Bash',
        input: '{"command":"ls"}',
        output: 'x',
        isError: false,
        interrupted: false,
        durationMs: 12,
        agentId: null,
      },
    ])
  })

  test('fails with its error', () => {
    const failure = { hook_event_name: 'PostToolUseFailure', ...call, error: 'Exit code 3', is_interrupt: true }
    expect(meaningOf(failure)).toMatchObject([
      { output: 'Exit code 3', isError: true, interrupted: true, durationMs: null },
    ])
  })

  test('that the classifier denied has failed', () => {
    const denied = { hook_event_name: 'PermissionDenied', ...call, reason: 'Touches production' }
    expect(meaningOf(denied)).toMatchObject([{ type: 'tool_finished', output: 'Touches production', isError: true }])
  })

  test('without an id keeps its name', () => {
    expect(meaningOf({ hook_event_name: 'PostToolUse', tool_name: 'Read' })).toMatchObject([
      { toolUseId: null, name: 'Read', output: null },
    ])
  })

  test('of a batch is over', () => {
    const batch = { hook_event_name: 'PostToolBatch', tool_calls: [{ tool_use_id: 't1' }, { tool_use_id: 't2' }, {}] }
    expect(meaningOf(batch)).toEqual([{ type: 'tools_settled', toolUseIds: ['t1', 't2'] }])
  })
})

describe('the rest of a session', () => {
  test('compacts', () => {
    expect(meaningOf({ hook_event_name: 'PreCompact' })).toEqual([{ type: 'compaction_started' }])
    expect(meaningOf({ hook_event_name: 'PostCompact', trigger: 'auto' })).toEqual([{ type: 'context_compacted' }])
    expect(meaningOf({ hook_event_name: 'PostCompact', trigger: 'manual' })).toEqual([
      { type: 'context_compacted' },
      { type: 'turn_completed', lastMessage: null, background: false },
    ])
  })

  test('starts and stops agents, of which the one that compacts is none', () => {
    const agent = { agent_id: 'a1', agent_type: 'Explore', agent_transcript_path: '/a.jsonl' }
    expect(meaningOf({ hook_event_name: 'SubagentStart', ...agent })).toEqual([
      { type: 'subagent_started', agentId: 'a1', agentType: 'Explore' },
    ])
    expect(meaningOf({ hook_event_name: 'SubagentStop', ...agent, last_assistant_message: 'Fine.' })).toEqual([
      {
        type: 'subagent_stopped',
        agentId: 'a1',
        agentType: 'Explore',
        transcriptPath: '/a.jsonl',
        lastMessage: 'Fine.',
      },
    ])
    expect(meaningOf({ hook_event_name: 'SubagentStop', ...agent, agent_type: '' })).toEqual([])
  })

  test('changes its directory and its model', () => {
    expect(meaningOf({ hook_event_name: 'CwdChanged', old_cwd: '/a', new_cwd: '/a/b' })).toEqual([
      { type: 'environment_reported', cwd: '/a/b' },
    ])
    expect(meaningOf({ hook_event_name: 'PostModelSwitch', to_model: 'claude-sonnet-5' })).toEqual([
      { type: 'model_reported', model: 'claude-sonnet-5' },
    ])
  })

  test('tells where its turns begin and end, unless a subagent does', () => {
    const placed = (hook_event_name: string, over = {}) =>
      eventsOf({ hook_event_name, cwd: '/a', tool_name: 'Bash', ...over }).some((event) => 'atTurnBound' in event)
    const bounds = ['UserPromptSubmit', 'Stop', 'StopFailure', 'PreToolUse', 'Notification']
    expect(bounds.map((event) => placed(event))).toEqual([true, true, true, false, false])
    expect(placed('StopFailure', { agent_id: 'a1', agent_type: 'Explore' })).toBe(false)
  })

  test('ends', () => {
    expect(eventsOf({ hook_event_name: 'SessionEnd', reason: 'clear' })).toEqual([
      { type: 'session_ended', reason: 'clear' },
    ])
    expect(eventsOf({ hook_event_name: 'SessionEnd' })).toEqual([{ type: 'session_ended', reason: 'hook_session_end' }])
  })
})

describe('what is not ours to read', () => {
  test.each([
    { context_label: 'codex_cli_rs' },
    { transcript_path: '/home/dev/.codex/sessions/x.jsonl' },
    { model: 'GPT-5' },
    { model: 'some-codex' },
  ])('a payload of Codex means nothing: %p', (mark) => {
    expect(eventsOf({ hook_event_name: 'SessionStart', ...mark })).toEqual([])
  })

  test('an event that nobody has heard of describes its session and is reported', () => {
    expect(isKnownHookEvent('SomethingNew')).toBe(false)
    expect(isKnownHookEvent('constructor')).toBe(false)
    expect(eventsOf({ hook_event_name: 'SomethingNew' }).map(({ type }) => type)).toEqual(['session_described'])
  })

  test('the contents of known keys never throw', () => {
    const names = [
      'PreToolUse',
      'PostToolUse',
      'PostToolUseFailure',
      'PostToolBatch',
      'PermissionRequest',
      'Stop',
      'Notification',
    ]
    const keys = [
      'tool_name',
      'tool_input',
      'tool_response',
      'tool_calls',
      'background_tasks',
      'permission_suggestions',
      'effort',
      'error',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.dictionary(fc.constantFrom(...keys), fc.anything({ withNullPrototype: false })),
        (name, body) => {
          const hook = { type: 'claude_status_event', sessionId: 's1', event: name, body } as const
          hookEvents(hook, { eventId: null, waiting: true, repeated: false })
        },
      ),
    )
  })
})

/** An event in a few words. */
function summary(event: SessionEvent): string {
  switch (event.type) {
    case 'session_described':
      return event.quiet ? 'described quietly' : 'described'
    case 'prompt_submitted':
      return `prompt ${event.text === null ? 'by the CLI' : `"${event.text}"`}`
    case 'permission_mode_reported':
      return `mode ${event.mode}`
    case 'tool_started':
      return `${event.agentId === null ? '' : 'inside an agent '}${event.name} begins`
    case 'tool_finished':
      return `${event.agentId === null ? '' : 'inside an agent '}${event.name} ${event.isError ? 'fails' : 'ends'}: ${event.output}`
    case 'tools_settled':
      return `${event.toolUseIds.length} settled`
    case 'approval_requested':
      return `asks (${event.kind}): ${event.command ?? event.question ?? event.diff}`
    case 'turn_completed':
      return `turn ends${event.background ? ', background goes on' : ''}: ${event.lastMessage}`
    case 'turn_failed':
      return `turn fails (${event.code}): ${event.message}`
    default:
      return event.type
  }
}
