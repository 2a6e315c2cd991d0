#!/usr/bin/env bun
/**
 * A stand-in for Claude that says too much. A prompt `lines <count>` is answered with so many pieces of text at once, `line <bytes>`
 * with one line of that size, `stderr <bytes>` with complaints before the answer.
 */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'

const at = process.argv.indexOf('--session-id')
const session_id = process.argv[at + 1] ?? randomUUID()

/** Waits for whoever reads, as a program does that writes to a pipe. */
function write(stream: 1 | 2, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; )
    try {
      rest = rest.subarray(writeSync(stream, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Bun.sleepSync(1)
    }
}

function lineOf(body: object): string {
  return `${JSON.stringify({ ...body, session_id, uuid: randomUUID() })}\n`
}

function stream(event: object): string {
  return lineOf({ type: 'stream_event', event, parent_tool_use_id: null })
}

function answer(kind: string, count: number): void {
  const id = `msg_${randomUUID()}`
  if (kind === 'stderr') write(2, 'x'.repeat(count))
  const text = kind === 'line' ? 'x'.repeat(count) : ' word'.repeat(kind === 'lines' ? count : 1)
  write(1, lineOf({ type: 'system', subtype: 'init', model: 'flood', permissionMode: 'default', tools: [] }))
  write(1, stream({ type: 'message_start', message: { id, usage: {} } }))
  write(1, stream({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }))
  if (kind === 'lines') {
    const delta = stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' word' } })
    const together = 1_000
    for (let left = count; left > 0; left -= together) write(1, delta.repeat(Math.min(left, together)))
  }
  const message = { id, role: 'assistant', model: 'flood', content: [{ type: 'text', text }] }
  write(1, lineOf({ type: 'assistant', message, parent_tool_use_id: null }))
  write(1, lineOf({ type: 'result', subtype: 'success', is_error: false, result: 'done' }))
}

process.on('SIGTERM', () => process.exit(143))
for await (const line of console) {
  if (line === '') continue
  const { type, request_id, message } = JSON.parse(line)
  if (type === 'control_request')
    write(1, lineOf({ type: 'control_response', response: { subtype: 'success', request_id, response: {} } }))
  if (type !== 'user') continue
  const [kind = '', count = '0'] = message.content.at(-1).text.split(' ')
  answer(kind, Number(count))
}
