/** A permission prompt that the hook script keeps open for an answer from elsewhere. */
import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { within } from '../support/within.ts'
import { HookWorld } from './hook-world.ts'
import { describeInEachShell } from './shells.ts'

const ASK = ['claude_tool_event', 'ask']
const ANSWER = JSON.stringify({ hookSpecificOutput: { decision: { behavior: 'allow', message: 'ä %s \\n "200"\n' } } })

function eventId(body: string | undefined): unknown {
  return JSON.parse(body ?? '{}').event_id
}

describeInEachShell('a prompt', ({ command: shell }) => {
  test('gets its answer as it was sent', async () => {
    await using world = new HookWorld()
    world.respond = () => new Response(ANSWER, { headers: { 'content-type': 'application/json' } })
    world.serve()
    expect(await world.run({ shell, args: ASK, input: '{"session_id":"s","tool_name":"Bash"}' })).toBe(ANSWER)
    expect(world.posts[0]?.url.search).toBe('?wait=1')
    expect(JSON.parse(world.posts[0]?.body ?? '')).toMatchObject({ type: 'claude_tool_event', tool_name: 'Bash' })
    expect(world.spooled).toEqual([])
  })

  test('is let go in silence', async () => {
    await using world = new HookWorld()
    world.serve()
    expect(await world.run({ shell, args: ASK })).toBe('')
    expect(world.posts.length).toBe(1)
    world.respond = () => new Response('no hook', { status: 422 })
    expect(await world.run({ shell, args: ASK })).toBe('')
    expect(world.spooled).toEqual([])
    expect(world.failed.length).toBe(1)
  })

  test('is asked again under the same event id when the server dies, and when it gives no answer', async () => {
    await using world = new HookWorld()
    world.respond = () => new Promise(() => {})
    world.serve()
    const run = world.start({ shell, args: ASK })
    await world.received(1)
    await world.stopServing()
    world.respond = () => new Response('busy', { status: world.posts.length === 2 ? 503 : 200 })
    world.serve()
    expect(await run.stdout.text()).toBe('busy')
    expect(world.posts.map((post) => eventId(post.body))).toEqual(Array(3).fill(eventId(world.posts[0]?.body)))
    expect(world.spooled).toEqual([])
  })

  test('is given up at once when Claude ends the script', async () => {
    await using world = new HookWorld()
    world.respond = () => new Promise(() => {})
    world.serve()
    const run = world.start({ shell, args: ASK })
    const post = await world.received(1)
    run.kill('SIGTERM')
    await within(1_000, Promise.all([run.exited, world.hungUp(post)]), () => 'the script or its curl is still there')
    expect(run.exitCode).toBe(0)
    expect(await run.stdout.text()).toBe('')
    expect(world.spooled).toEqual([])
  })

  test('is given up at once also while there is no server', async () => {
    await using world = new HookWorld()
    world.respond = () => new Response('not yet', { status: 503 })
    world.serve()
    const run = world.start({ shell, args: ASK })
    await world.received(1)
    run.kill('SIGTERM')
    await within(1_000, run.exited, () => 'the script is still there')
    expect(world.spooled).toEqual([])
  })
})

describe.concurrent('a prompt', () => {
  test('is not answered by half an answer', async () => {
    await using world = new HookWorld()
    const requests: string[] = []
    using server = Bun.listen({
      unix: world.paths.socket,
      socket: {
        data(socket, bytes) {
          requests.push(bytes.toString())
          const body = requests.length === 1 ? '{"hookSpec' : ANSWER
          socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(ANSWER)}\r\n\r\n${body}`)
        },
      },
    })
    expect(await world.run({ args: ASK })).toBe(ANSWER)
    expect(requests.length).toBe(2)
    server.stop(true)
  })

  test('is asked about once a second while there is no server', async () => {
    await using world = new HookWorld()
    const times: number[] = []
    world.respond = () => {
      times.push(performance.now())
      return new Response('not yet', { status: times.length < 3 ? 503 : 204 })
    }
    world.serve()
    await world.run({ args: ASK })
    const [first = 0, , third = 0] = times
    expect(third - first).toBeWithin(1_900, 4_000)
  })

  test('tells the server what waits in the spool, at each attempt', async () => {
    await using world = new HookWorld()
    await world.run()
    world.serve()
    await world.run({ args: ASK })
    expect(world.posts[0]?.headers.get('x-orbitdock-spooled')).toBe('1')
  })

  test('keeps the token out of the list of processes', async () => {
    await using world = new HookWorld()
    await Bun.write(world.paths.hookCurlConfig, 'header = "Authorization: Bearer secret-1"\n')
    world.respond = () => new Promise(() => {})
    world.serve()
    world.start({ args: ASK })
    const post = await world.received(1)
    expect(post.headers.get('authorization')).toBe('Bearer secret-1')
    expect(commandLines().some((line) => line.includes(world.paths.hookCurlConfig))).toBe(true)
    expect(commandLines().some((line) => line.includes('secret-1'))).toBe(false)
  })

  test('ends when Claude is killed', async () => {
    await using world = new HookWorld()
    world.respond = () => new Promise(() => {})
    world.serve()
    const agent = Bun.spawn(['sh', '-c', `echo '{"a":1}' | { '${world.paths.hookScript}' ${ASK.join(' ')}; true; }`])
    const post = await world.received(1)
    process.kill(JSON.parse(post.body).pid, 'SIGKILL')
    agent.kill('SIGKILL')
    await world.hungUp(post)
  }, 20_000)

  test('ends when its script is killed', async () => {
    await using world = new HookWorld()
    world.respond = () => new Promise(() => {})
    world.serve()
    const run = world.start({ args: ASK })
    const post = await world.received(1)
    run.kill('SIGKILL')
    await world.hungUp(post)
  }, 20_000)
})

/** The command line of every process that this user may see; where there is no /proc, of none but `ps` knows. */
function commandLines(): readonly string[] {
  if (process.platform !== 'linux') return Bun.spawnSync(['ps', 'axww', '-o', 'args']).stdout.toString().split('\n')
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
      } catch {
        return []
      }
    })
}
