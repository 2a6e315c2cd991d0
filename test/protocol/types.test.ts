import { expect, expectTypeOf, test } from 'bun:test'
import type { ClientMessage, SessionMessage } from '../../src/protocol/client/index.ts'
import type { Message, MessageChanges } from '../../src/protocol/model/message.ts'
import type { SessionState, SessionSummary, StateChanges, WorkStatus } from '../../src/protocol/model/session.ts'
import type { ServerMessage } from '../../src/protocol/server/index.ts'
import { accepts } from './wire.ts'

type Frame<Tag extends ServerMessage['type']> = Extract<ServerMessage, { type: Tag }>

test('a frame made by hand is checked by the compiler as it is by the schema', () => {
  const images: readonly { readonly input_type: string; readonly value: string }[] = []
  const name: string | undefined = undefined
  const frame: ServerMessage = {
    type: 'message_appended',
    session_id: 's-1',
    message: {
      id: 'm-1',
      session_id: 's-1',
      message_type: 'user',
      content: 'Hi',
      tool_name: null,
      tool_input: null,
      tool_output: null,
      is_error: false,
      timestamp: '0',
      duration_ms: null,
      images,
    },
  }
  const changes: StateChanges = { custom_name: null, model: name }
  expect(accepts('server', frame)).toBe(true)
  expect(accepts('server', { type: 'session_delta', session_id: 's-1', changes })).toBe(true)
})

test('what the server always writes is required of it', () => {
  expectTypeOf<Message['tool_name']>().toEqualTypeOf<string | null>()
  expectTypeOf<SessionState['turn_count']>().toEqualTypeOf<number>()
  expectTypeOf<SessionSummary['token_usage']['input_tokens']>().toEqualTypeOf<number>()
  expectTypeOf<Frame<'error'>['session_id']>().toEqualTypeOf<string | null>()
  // @ts-expect-error: session_id may be null but not missing
  const frame: Frame<'error'> = { type: 'error', code: 'lagged', message: 'Slow.' }
  expect(frame.type).toBe('error')
})

test('only a patch can clear', () => {
  expectTypeOf<StateChanges['custom_name']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<StateChanges['work_status']>().toEqualTypeOf<WorkStatus | undefined>()
  expectTypeOf<MessageChanges['content']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<SessionSummary['custom_name']>().toEqualTypeOf<string | undefined>()
})

test('a decision is text, whichever way it was said', () => {
  expectTypeOf<Extract<SessionMessage, { type: 'approve_tool' }>['decision']>().toEqualTypeOf<string>()
  expectTypeOf<Extract<ClientMessage, { type: 'create_session' }>['allowed_tools']>().toEqualTypeOf<readonly string[]>()
})
