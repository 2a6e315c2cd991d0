/** What a terminal shows of a Claude that the server drives. */
import { expect } from 'bun:test'
import { turnEndedWith } from '../../claude/conversation.ts'
import { directTest } from '../../claude/direct-world.ts'
import { runCli } from '../../support/cli-run.ts'

directTest('models, mode, context and tasks are seen and changed from a terminal', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['Bash'] })
  const { home } = world.home
  const read = (...args: string[]) => runCli(['session', ...args, '--json=false'], { home })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-background-waits] Go' })
  const { background_tasks: tasks = [] } = await turnEndedWith(client, id, 'It waits in the background.')

  expect((await read('models', id)).stdout).toMatch(/^default +Default \(recommended\) +low medium high/)
  expect((await read('context', id)).stdout).toMatch(
    /^[\d,]+ of 1,000,000 tokens \(\d+ %\), claude-opus.*\nSystem prompt +/,
  )
  expect((await read('tasks', id)).stdout).toMatch(/^\S+ +running +shell +Wait behind\n$/)
  expect((await read('tasks', id, '--stop', tasks[0]?.id ?? '-')).stdout).toBe(`Task ${tasks[0]?.id}: stopped\n`)
  expect((await read('mode', id, 'plan')).stdout).toBe('Permission mode: plan\n')
  await client.waitForView(id, 'the mode', ({ permission_mode }) => permission_mode === 'plan')
  expect(await read('mode', id, 'bypass-permissions')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('plan'),
  })
  await read('end', id)
  expect(await read('context', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('resume it first') })
})
