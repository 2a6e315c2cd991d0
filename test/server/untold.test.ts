/** Conversations whose transcripts are gone, or lie where the server cannot read them. */
import { expect, test } from 'bun:test'
import { conversationOf } from '../claude/conversation.ts'
import { prompt, stop, toolEnds, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

const HOUR_SECONDS = 3_600

test('what was spooled is the whole conversation where there is no transcript any more', async () => {
  await using server = await LocalServer.start()
  const sent_at = Math.floor(Date.now() / 1_000) - HOUR_SECONDS
  const body = { sent_at, transcript_path: `${server.home}/.claude/projects/-proj/s1.jsonl` }
  await server.hook(prompt('s1', 'Fix it', { ...body, prompt_id: 'p1' }))
  await server.hook(toolStarts('s1', 't1', body))
  await server.hook(toolEnds('s1', 't1', body))
  await server.hook(stop('s1', { ...body, last_assistant_message: 'Fixed.' }))
  await server.hook(prompt('s1', '<task-notification>\n<task-id>b1</task-id>\n</task-notification>', body))
  const view = await (await server.client()).follow('s1')
  expect(conversationOf(view)).toEqual(['user: Fix it', 'Bash: a.txt', 'assistant: Fixed.'])
  expect(Date.parse(view.messages[0]?.timestamp ?? '')).toBe(sent_at * 1_000)
})

test('what has just been said waits for the transcript, which is not there yet', async () => {
  await using server = await LocalServer.start()
  const body = { transcript_path: `${server.home}/.claude/projects/-proj/s1.jsonl` }
  await server.hook(prompt('s1', 'Fix it', body))
  const view = await (await server.client()).follow('s1')
  expect(view.messages).toEqual([])
  expect(view.last_message).toBe('Fix it')
})
