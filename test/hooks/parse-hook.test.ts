import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseHook } from '../../src/hooks/parse-hook.ts'
import { recordedBodies, scenarios } from './recorded-hooks.ts'

const stop = { type: 'claude_status_event', session_id: 's1', hook_event_name: 'Stop' }

function statusOf(body: unknown): number {
  const parsed = parseHook(typeof body === 'string' ? body : JSON.stringify(body))
  return parsed.ok ? 204 : parsed.status
}

function eventIdOf(body: object): string | null | undefined {
  const parsed = parseHook(JSON.stringify(body))
  return parsed.ok ? parsed.eventId : undefined
}

describe('the body of a hook post', () => {
  test('is accepted for every hook that a real CLI sent', () => {
    for (const scenario of scenarios) {
      for (const body of recordedBodies(scenario)) expect(parseHook(body)).toMatchObject({ ok: true })
    }
  })

  test('is refused with 400 when it is not JSON', () => {
    expect(statusOf('')).toBe(400)
    expect(statusOf('{"type":"claude_session_end"')).toBe(400)
  })

  test('is refused with 400 when it is a message for the socket', () => {
    expect(statusOf({ type: 'subscribe_list' })).toBe(400)
  })

  test('is refused with 422 when it is no message at all', () => {
    expect(statusOf({ type: 'no_such_message' })).toBe(422)
    expect(statusOf([])).toBe(422)
    expect(statusOf(null)).toBe(422)
  })

  test('is refused with 422 when a required key is missing or empty, and the reason names the key', () => {
    const parsed = parseHook(
      JSON.stringify({ type: 'claude_tool_event', session_id: 's1', hook_event_name: 'Stop', cwd: '/' }),
    )
    expect(parsed).toMatchObject({ ok: false, status: 422, reason: expect.stringContaining('tool_name') })
    expect(statusOf({ ...stop, session_id: '' })).toBe(422)
  })

  test('never shows its contents in the reason', () => {
    const parsed = parseHook(JSON.stringify({ type: 'claude_status_event', session_id: 'secret', prompt: 'secret' }))
    expect(parsed.ok ? '' : parsed.reason).not.toContain('secret')
  })

  test('is accepted whatever a newer CLI writes under keys that nobody needs', () => {
    expect(statusOf({ ...stop, prompt: 7, permission_mode: [], error: { code: 1 }, brand_new: {} })).toBe(204)
  })

  test('never throws on anything', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((o) => JSON.stringify({ ...o, ...stop })),
        ),
        (body) => {
          parseHook(body)
        },
      ),
    )
  })
})

describe('the event id of a hook', () => {
  test('is the one that the hook script made', () => {
    expect(eventIdOf({ ...stop, event_id: 'e-1' })).toBe('e-1')
  })

  test('is made of the agent’s own keys where these tell two events apart', () => {
    const tool = { type: 'claude_tool_event', session_id: 's1', cwd: '/', tool_name: 'Bash', tool_use_id: 't1' }
    expect(eventIdOf({ ...tool, hook_event_name: 'PreToolUse' })).toBe('PreToolUse:t1')
    expect(eventIdOf({ ...tool, hook_event_name: 'PostToolUse' })).toBe('PostToolUse:t1')
    expect(eventIdOf({ ...stop, hook_event_name: 'UserPromptSubmit', prompt_id: 'p1' })).toBe('UserPromptSubmit:p1')
  })

  test('is missing elsewhere, so that two equal stops both count', () => {
    expect(eventIdOf({ ...stop, prompt_id: 'p1' })).toBeNull()
    expect(eventIdOf({ ...stop, hook_event_name: 'UserPromptSubmit' })).toBeNull()
  })
})
