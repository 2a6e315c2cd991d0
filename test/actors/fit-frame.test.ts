import { describe, expect, test } from 'bun:test'
import { fitFrame } from '../../src/actors/fit-frame.ts'
import { FRAME_BYTES_MAX } from '../../src/lib/limits.ts'
import { ServerMessage } from '../../src/protocol/server/index.ts'

const BIG = 2_000_000

const appended = (over: object) =>
  ({
    type: 'message_appended',
    session_id: 's1',
    message: {
      id: 's1:m1',
      session_id: 's1',
      message_type: 'tool',
      content: 'short',
      tool_name: 'Bash',
      tool_input: null,
      tool_output: null,
      is_error: false,
      timestamp: '2026-02-21T10:00:00Z',
      duration_ms: null,
      ...over,
    },
  }) as Extract<ServerMessage, { type: 'message_appended' }>

describe('a frame', () => {
  test('that is small enough stays as it is', () => {
    const frame = appended({ content: 'x'.repeat(100_000) })
    expect(fitFrame(frame)).toBe(JSON.stringify(frame))
  })

  test.each(['x', 'ä', '𝄞', '\u0001', '"'])('of %p fits after its texts are cut, and still fits the schema', (unit) => {
    const text = fitFrame(appended({ content: unit.repeat(BIG), tool_output: unit.repeat(BIG) }))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(FRAME_BYTES_MAX)
    const frame = ServerMessage.parse(JSON.parse(text))
    expect(frame).toMatchObject({ message: { content: expect.stringMatching(/\n\n\[truncated\]$/) } })
    expect(text.isWellFormed()).toBe(true)
  })

  test('keeps JSON in a text JSON, and leaves out what is no picture any more', () => {
    const images = [
      { input_type: 'url', value: `data:image/png;base64,${'A'.repeat(BIG)}` },
      { input_type: 'path', value: '/p/small.png' },
    ]
    const input = JSON.stringify({ command: 'x'.repeat(BIG), cwd: '/proj' })
    const { message } = JSON.parse(fitFrame(appended({ tool_input: input, images })))
    expect(JSON.parse(message.tool_input)).toMatchObject({ cwd: '/proj' })
    expect(message.images).toEqual([images[1]])
  })
})
