import { describe, expect, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SHELLS_MAX } from '../../src/session/limits.ts'
import { prompt, sessionEnd } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import { gone } from '../support/processes.ts'
import type { TestClient } from '../support/test-client.ts'

/** A server with a session that works in a directory of its own. */
async function serving() {
  const server = await LocalServer.start()
  const project = join(server.home, 'proj')
  mkdirSync(project)
  await server.hook(prompt('s1', 'go', { cwd: project }))
  return { server, project, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const execute = (command: string, over: object = {}) =>
  ({ type: 'execute_shell', session_id: 's1', command, ...over }) as const

/** The process id that a command has said first. */
async function pidOf(client: TestClient): Promise<number> {
  const isTold = ({ changes }: { changes: { tool_output?: string | undefined } }) =>
    /^\d+/.test(changes.tool_output ?? '')
  return Number.parseInt((await client.expect('message_updated', isTold)).changes.tool_output ?? '', 10)
}

describe('a command of a client', () => {
  test('runs in the directory of the session, and everybody who follows sees it', async () => {
    await using world = await serving()
    const { server, project } = world
    const [author, reader] = [await server.client(), await server.client()]
    await reader.follow('s1')
    author.send(execute('pwd; echo oh >&2; exit 3', { command_id: 'c1' }))

    for (const client of [author, reader]) {
      const { request_id } = await client.expect('shell_started')
      expect((await client.expect('message_appended')).message).toMatchObject({ id: request_id, message_type: 'shell' })
      const { changes } = await client.expect('message_updated', ({ changes }) => changes.duration_ms !== undefined)
      expect(changes).toMatchObject({ tool_output: `${project}\noh\n`, is_error: true })
      expect(await client.expect('shell_output')).toMatchObject({
        request_id,
        stdout: `${project}\n`,
        stderr: 'oh\n',
        exit_code: 3,
      })
    }
    expect(author.frames.filter(({ type }) => type === 'command_ack')).toMatchObject([{ command_id: 'c1', ok: true }])
    expect(author.frames.filter(({ type }) => type === 'shell_output')).toHaveLength(1)
    const seen = reader.frames.filter((frame) => frame.type === 'shell_started' || frame.type === 'shell_output')
    expect(seen.map(({ revision }) => typeof revision)).toEqual(['number', 'number'])
    const [view] = reader.view('s1').messages.filter(({ message_type }) => message_type === 'shell')
    expect(view).toMatchObject({ content: 'pwd; echo oh >&2; exit 3', tool_output: `${project}\noh\n`, is_error: true })
  })

  test('runs where it is told to, seen from the directory of the session', async () => {
    await using world = await serving()
    const client = await world.server.client()
    mkdirSync(join(world.project, 'sub'))
    for (const [cwd, stdout] of [
      ['/', '/\n'],
      ['sub', `${world.project}/sub\n`],
    ] as const) {
      client.send(execute('pwd', { cwd }))
      expect(await client.expect('shell_output')).toMatchObject({ stdout, exit_code: 0 })
    }
    client.send(execute('pwd', { cwd: '/no/such' }))
    expect(await client.expect('shell_output')).toMatchObject({
      stderr: 'Could not start the command in /no/such: there is no such directory.',
      exit_code: null,
    })
  })

  test('is seen while it runs, and ended with all that it has started when its time is over', async () => {
    await using world = await serving()
    const client = await world.server.client()
    client.send(execute('sleep 60 & echo $!; wait', { timeout_secs: 1 }))
    const pid = await pidOf(client)
    expect(await client.expect('shell_output')).toMatchObject({
      stdout: `${pid}\n`,
      stderr: 'Command timed out after 1 s.',
    })
    await gone(pid)
  })

  test('is ended with its session', async () => {
    await using world = await serving()
    const client = await world.server.client()
    client.send(execute('sleep 60 & echo $!; wait'))
    const pid = await pidOf(client)
    await world.server.hook(sessionEnd('s1'))
    expect(await client.expect('shell_output')).toMatchObject({
      exit_code: null,
      stderr: 'Stopped: the session has ended.',
    })
    await gone(pid)
  })

  test('is ended with the server, and what it has said is stored', async () => {
    await using world = await serving()
    const client = await world.server.client()
    client.send(execute('sleep 60 & echo $!; wait'))
    const pid = await pidOf(client)
    await world.server.stop()
    await gone(pid)
    expect(world.server.read("SELECT tool_output, is_error FROM messages WHERE type = 'shell'")).toEqual([
      { tool_output: `${pid}\nStopped: the server stops.`, is_error: 1 },
    ])
  })

  test('runs beside others, up to a limit', async () => {
    await using world = await serving()
    const client = await world.server.client()
    for (let nth = 0; nth <= SHELLS_MAX; nth++) client.send(execute('sleep 60'))
    for (let nth = 0; nth < SHELLS_MAX; nth++) await client.expect('shell_started')
    expect((await client.expect('error')).code).toBe('rate_limited')
    client.send({ type: 'end_session', session_id: 's1' })
    for (let nth = 0; nth < SHELLS_MAX; nth++) await client.expect('shell_output')
  })

  test('for a session that nobody knows is refused, wherever it shall run', async () => {
    await using world = await serving()
    const client = await world.server.client()
    for (const over of [{}, { cwd: '/' }]) {
      client.send({ ...execute('pwd', over), session_id: 'ghost' })
      expect(await client.expect('error')).toMatchObject({ code: 'not_found', session_id: 'ghost' })
    }
  })

  test('gets no secret of the server, and leaves no trace in the log', async () => {
    process.env.ORBITDOCK_TEST_SECRET = 'hidden'
    try {
      await using world = await serving()
      const client = await world.server.client()
      client.send(execute('env; echo a-telling-word'))
      const { stdout } = await client.expect('shell_output')
      expect(stdout).toContain('PATH=')
      expect(stdout).not.toContain('hidden')
      await world.server.stop()
      const logs = join(world.server.home, '.orbitdock', 'logs')
      for (const name of readdirSync(logs)) expect(readFileSync(join(logs, name), 'utf8')).not.toContain('telling-word')
    } finally {
      delete process.env.ORBITDOCK_TEST_SECRET
    }
  })
})
