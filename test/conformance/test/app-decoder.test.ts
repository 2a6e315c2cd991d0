/** The decoder refuses what the app would drop or crash on, and nothing else. */
import { describe, expect, test } from 'bun:test'
import { decodeFrame, MAX_FRAME_BYTES, type Verdict } from '../app-decoder.ts'
import { FRAMES } from '../app-frames.ts'
import type { JsonObject } from '../lib/json.ts'

const usage = { input_tokens: 1, output_tokens: 2, cached_tokens: 0, context_window: 1000 }
const summary = {
  id: 's',
  provider: 'claude',
  project_path: '/p',
  status: 'active',
  work_status: 'waiting',
  has_pending_approval: false,
}
const state = { ...summary, messages: [], token_usage: usage }
const decode = (frame: JsonObject) => decodeFrame(JSON.stringify(frame))

const verdicts: [string, JsonObject, Verdict][] = [
  ['a list', { type: 'sessions_list', sessions: [summary] }, 'ok'],
  ['unknown keys', { type: 'sessions_list', sessions: [], extra: 1, revision: 5 }, 'ok'],
  ['null for an optional key', { type: 'session_created', session: { ...summary, model: null } }, 'ok'],
  ['an unknown type', { type: 'hello', version: '0.1.0' }, 'ignored'],
  ['a missing required key', { type: 'session_ended', session_id: 's' }, 'dropped'],
  ['null for a required key', { type: 'session_ended', session_id: 's', reason: null }, 'dropped'],
  [
    'one bad row loses the list',
    { type: 'sessions_list', sessions: [summary, { ...summary, id: 't', status: 'gone' }] },
    'dropped',
  ],
  [
    'a fraction for an integer',
    { type: 'shell_output', session_id: 's', request_id: 'r', stdout: '', stderr: '', duration_ms: 1.5 },
    'dropped',
  ],
  ['a negative count', { type: 'tokens_updated', session_id: 's', usage: { ...usage, input_tokens: -1 } }, 'dropped'],
  ['no type', { sessions: [] }, 'dropped'],
  [
    'o_auth',
    {
      type: 'mcp_tools_list',
      session_id: 's',
      tools: {},
      resources: {},
      resource_templates: {},
      auth_statuses: { a: 'o_auth' },
    },
    'dropped',
  ],
  [
    'a failed MCP start without text',
    { type: 'mcp_startup_update', session_id: 's', server: 'a', status: { state: 'failed' } },
    'dropped',
  ],
  ['a session twice', { type: 'sessions_list', sessions: [summary, summary] }, 'crash'],
  [
    'a turn twice',
    {
      type: 'session_snapshot',
      session: {
        ...state,
        turn_diffs: [
          { turn_id: 't', diff: '' },
          { turn_id: 't', diff: '' },
        ],
      },
    },
    'crash',
  ],
  ['a negative revision', { type: 'session_ended', session_id: 's', reason: 'x', revision: -1 }, 'crash'],
]

describe('app decoder', () => {
  test.each(verdicts)('%s', (_, frame, verdict) => {
    expect(decode(frame)).toMatchObject({ verdict })
  })

  test('text that is not a JSON object is dropped', () => {
    for (const text of ['', '[]', '"x"', '{']) expect(decodeFrame(text).verdict).toBe('dropped')
  })

  test('a frame over 1 MiB breaks the connection, whatever its type', () => {
    for (const type of ['error', 'new_type']) {
      const text = JSON.stringify({ type, code: 'x', message: 'y'.repeat(MAX_FRAME_BYTES) })
      expect(decodeFrame(text).verdict).toBe('dropped')
    }
  })

  test('warns about what the app would show wrongly', () => {
    const warned = (frame: JsonObject) => decode(frame).warnings.length
    expect(warned({ type: 'session_created', session: { ...summary, provider: 'codex' } })).toBe(1)
    expect(
      warned({ type: 'session_delta', session_id: 's', changes: { last_activity_at: '2026-02-21T10:00:00Z' } }),
    ).toBe(1)
    expect(
      warned({
        type: 'session_delta',
        session_id: 's',
        changes: { last_activity_at: '1771632000Z', custom_name: null },
      }),
    ).toBe(1)
    expect(
      warned({
        type: 'session_snapshot',
        session: { ...state, subagents: [{ id: 'a', agent_type: 'b', started_at: '2026-02-21T10:00:00Z' }] },
      }),
    ).toBe(1)
  })

  test('knows the 41 frames of the app', () => {
    expect(Object.keys(FRAMES)).toHaveLength(41)
  })
})
