import { describe, expect, test } from 'bun:test'
import {
  ClientMessage,
  HookMessage,
  PART_MESSAGE_TYPES,
  SESSION_MESSAGE_TYPES,
} from '../../src/protocol/client/index.ts'
import { ServerMessage } from '../../src/protocol/server/index.ts'
import { pathsOf, withValue } from './mutations.ts'
import { accepts, golden, read, SIDES, tags } from './wire.ts'

describe('keys that nobody declared', () => {
  for (const side of SIDES) {
    test(`are dropped from ${side} messages`, () => {
      for (const tag of tags[side]) {
        const example = golden(side, tag)
        expect(read(side, { ...example, from_the_future: { x: 1 } })).toStrictEqual(example)
      }
    })

    test(`are tolerated at every level of ${side} messages`, () => {
      for (const tag of tags[side]) {
        const example = golden(side, tag)
        // The values of a map are messages of their own, so a stray one is no stray key.
        const places = pathsOf(example).filter((path) => tag !== 'mcp_tools_list' || path.length > 1)
        for (const path of places) {
          const spoilt = withValue(example, [...path, 'from_the_future'], 1)
          expect(accepts(side, spoilt)).toBe(true)
        }
      }
    })
  }
})

describe('null', () => {
  test('means the same as a key that is left out, where a key is optional', () => {
    const renamed = ClientMessage.parse({ type: 'rename_session', session_id: 's-1', name: null })
    expect(renamed).toEqual({ type: 'rename_session', session_id: 's-1' })
  })

  test('clears a field of a patch, and is told from a field that is left out', () => {
    const delta: ServerMessage = { type: 'session_delta', session_id: 's-1', changes: { custom_name: null } }
    expect<ServerMessage>(ServerMessage.parse(delta)).toStrictEqual(delta)
  })

  test('is what a field that was left out reads as, where the server always writes it', () => {
    expect(ServerMessage.parse({ type: 'error', code: 'lagged', message: 'Slow.' })).toHaveProperty('session_id', null)
  })

  test('is no list and no flag', () => {
    expect(accepts('client', { type: 'list_skills', session_id: 's-1', cwds: null })).toBe(false)
    expect(accepts('client', { type: 'list_skills', session_id: 's-1', force_reload: null })).toBe(false)
  })
})

describe('defaults', () => {
  test('stand for what OrbitDock.app leaves out', () => {
    expect(ClientMessage.parse({ type: 'execute_shell', session_id: 's-1', command: 'ls' })).toHaveProperty(
      'timeout_secs',
      30,
    )
    expect(ClientMessage.parse({ type: 'send_message', session_id: 's-1', content: 'Hi' })).toMatchObject({
      skills: [],
      images: [],
      mentions: [],
    })
  })
})

describe('approve_tool', () => {
  const approval = { type: 'approve_tool', session_id: 's-1', request_id: 'r-1' } as const

  test('takes a boolean for the decision', () => {
    expect(ClientMessage.parse({ ...approval, approved: true })).toEqual({ ...approval, decision: 'approved' })
    expect(ClientMessage.parse({ ...approval, approved: false })).toEqual({ ...approval, decision: 'denied' })
  })

  test('believes the decision when a boolean contradicts it', () => {
    const both = { ...approval, decision: 'denied', approved: true }
    expect(ClientMessage.parse(both)).toEqual({ ...approval, decision: 'denied' })
  })

  test('is refused without either, and with a spoilt decision', () => {
    for (const spoilt of [{}, { approved: 'true' }, { approved: null }, { decision: null, approved: true }]) {
      expect(accepts('client', { ...approval, ...spoilt })).toBe(false)
    }
  })

  test('keeps a replacement that is false, 0 or empty', () => {
    for (const updated_input of [false, 0, '', {}]) {
      const message = { ...approval, decision: 'approved', updated_input }
      expect(ClientMessage.parse(message)).toEqual(message)
    }
  })
})

test('messages for one session name it, and no hook is among them', () => {
  expect([...SESSION_MESSAGE_TYPES].sort()).toEqual([
    'answer_question',
    'approve_tool',
    'compact_context',
    'create_review_comment',
    'edit_queued_prompt',
    'end_session',
    'execute_shell',
    'interrupt_session',
    'release_queue',
    'remove_queued_prompt',
    'rename_session',
    'rewind_files',
    'rollback_turns',
    'send_message',
    'steer_turn',
    'undo_last_turn',
    'update_session_config',
  ])
  for (const tag of SESSION_MESSAGE_TYPES) expect(golden('client', tag)).toHaveProperty('session_id')
})

test('messages about a part of a session name the part alone', () => {
  expect([...PART_MESSAGE_TYPES].sort()).toEqual(['delete_approval', 'delete_review_comment', 'update_review_comment'])
  for (const tag of PART_MESSAGE_TYPES) expect(golden('client', tag)).not.toHaveProperty('session_id')
})

test('a hook body is one of the five claude messages and nothing else', () => {
  const hooks = tags.client.filter((tag) => HookMessage.safeParse(golden('client', tag)).success)
  expect(hooks).toEqual([
    'claude_session_start',
    'claude_session_end',
    'claude_status_event',
    'claude_tool_event',
    'claude_subagent_event',
  ])
})
