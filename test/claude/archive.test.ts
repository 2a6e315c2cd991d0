/** What the subagents of a real Claude did is known for longer than Claude keeps it. */
import { expect } from 'bun:test'
import { rmSync } from 'node:fs'
import { Glob } from 'bun'
import type { TestClient } from '../support/test-client.ts'
import { claudeTest } from './claude-test.ts'
import { directTest } from './direct-world.ts'

async function shownTo(client: TestClient, session_id: string, subagent_id: string) {
  client.send({ type: 'get_subagent_tools', session_id, subagent_id })
  const { tools } = await client.expect('subagent_tools_list')
  client.send({ type: 'get_subagent_messages', session_id, subagent_id })
  const { messages } = await client.expect('subagent_messages')
  return { tools, messages }
}

/** Does what Claude does after a month; there is something to be deleted. */
function deleteTranscripts(home: string): void {
  const files = [...new Glob('**/subagents/agent-*.jsonl').scanSync({ cwd: home, absolute: true, dot: true })]
  expect(files).not.toEqual([])
  for (const file of files) rmSync(file)
}

/** The id of the subagent of a session once it has ended. */
async function endedIn(client: TestClient, sessionId: string): Promise<string> {
  const { subagents = [] } = await client.waitForView(sessionId, 'the end of its subagent', (view) =>
    (view.subagents ?? []).some(({ ended_at }) => ended_at !== undefined),
  )
  return subagents[0]?.id ?? ''
}

claudeTest('a subagent of a terminal is shown after its transcript was deleted', async ({ home, print, serve }) => {
  const client = await serve()
  await print('[s:agent] Go', '--allowedTools', 'Bash', 'Agent').answer()
  const { session } = await client.expect('session_created')
  await client.follow(session.id)
  const subagent = await endedIn(client, session.id)
  const shown = await shownTo(client, session.id, subagent)
  expect([shown.tools.length, shown.messages.length > 1]).toEqual([1, true])
  deleteTranscripts(home.home)
  expect(await shownTo(client, session.id, subagent)).toEqual(shown)
})

directTest('a subagent of a driven session is shown after its transcript was deleted', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['Bash', 'Agent'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:agent] Go' })
  const subagent = await endedIn(client, id)
  await client.waitForView(id, 'rest', ({ work_status }) => work_status === 'waiting')
  const shown = await shownTo(client, id, subagent)
  expect([shown.tools.length, shown.messages.length > 1]).toEqual([1, true])
  deleteTranscripts(world.home.home)
  expect(await shownTo(client, id, subagent)).toEqual(shown)
})
