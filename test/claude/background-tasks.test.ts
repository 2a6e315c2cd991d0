/** What a Claude in a terminal runs beside the conversation, as its hooks tell. */
import { expect } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { claudeTest } from './claude-test.ts'
import { turnEndedWith } from './conversation.ts'

claudeTest('a shell behind the turn is listed, and how it ended', async ({ serve, interactive, home }) => {
  const client = await serve()
  const claude = await interactive('--allowedTools', 'Bash')
  await claude.submit('[s:bash-background-waits] Go')
  const { session } = await client.expect('session_created')
  await client.follow(session.id)
  await turnEndedWith(client, session.id, 'It waits in the background.')
  const isListed = ({ background_tasks: listed = [] }: SessionState) => listed.length === 1
  const { background_tasks: tasks } = await client.waitForView(session.id, 'the task', isListed)
  expect(tasks).toMatchObject([{ type: 'shell', description: 'Wait behind', status: 'running' }])
  client.send({ type: 'stop_task', session_id: session.id, task_id: tasks?.[0]?.id ?? '-' })
  expect(await client.expect('error')).toMatchObject({ code: 'session_not_found' })
  writeFileSync(join(home.project, 'go'), '')
  const view = await turnEndedWith(client, session.id, 'It went in the background.')
  expect(view.background_tasks).toMatchObject([{ status: 'completed' }])
})
