#!/usr/bin/env bun
/**
 * A stand-in for Claude that starts at once: it answers requests, and a prompt `<deltas> <gap in ms>` with so many pieces of
 * text, each of which is the time at which it was written.
 */
import { randomUUID } from 'node:crypto'

const at = process.argv.indexOf('--session-id')
const session_id = process.argv[at + 1] ?? randomUUID()

function say(line: object): void {
  process.stdout.write(`${JSON.stringify({ ...line, session_id, uuid: randomUUID() })}\n`)
}

function stream(event: object): void {
  say({ type: 'stream_event', event, parent_tool_use_id: null })
}

async function answer(text: string): Promise<void> {
  const [deltas = 1, gapMs = 0] = text.split(' ').map(Number)
  const id = `msg_${randomUUID()}`
  say({ type: 'system', subtype: 'init', model: 'quick', permissionMode: 'default', tools: [] })
  stream({ type: 'message_start', message: { id, usage: {} } })
  stream({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })
  let whole = ''
  for (let count = 0; count < deltas; count++) {
    const piece = ` ${performance.timeOrigin + performance.now()}`
    whole += piece
    stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } })
    await Bun.sleep(gapMs)
  }
  const message = { id, role: 'assistant', model: 'quick', content: [{ type: 'text', text: whole }] }
  say({ type: 'assistant', message, parent_tool_use_id: null })
  say({ type: 'result', subtype: 'success', is_error: false, result: whole })
}

process.on('SIGTERM', () => process.exit(143))
for await (const line of console) {
  if (line === '') continue
  const { type, request_id, message } = JSON.parse(line)
  if (type === 'control_request')
    say({ type: 'control_response', response: { subtype: 'success', request_id, response: {} } })
  if (type === 'user') await answer(message.content.at(-1).text)
}
