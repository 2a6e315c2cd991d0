/** What becomes of one event that Claude hands to the hook script. */
import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../src/lib/replace-file.ts'
import { HookWorld } from './hook-world.ts'
import { describeInEachShell } from './shells.ts'

/** Every event is a few processes, on a machine that may be busy. */
setDefaultTimeout(30_000)

const Body = z.looseObject({
  type: z.string(),
  event_id: z.string().min(16),
  sent_at: z.number(),
  host_id: z.string(),
  pid: z.number(),
})

/** A payload with everything that shells, printf and curl could take for something else. */
const TRICKY = JSON.stringify({
  session_id: 's',
  prompt: `äöü 🚀 日本 %s %d \\n \\\\ $(touch pwned) \`id\` $HOME 'single' "double" @file \u0001 \u2028 end\n`,
})

describeInEachShell('an event', ({ command: shell }) => {
  test('arrives with its own bytes behind ours', async () => {
    await using world = new HookWorld()
    world.serve()
    expect(await world.run({ shell, input: TRICKY })).toBe('')
    const [post] = world.posts
    expect(post?.url.pathname).toBe('/api/hook')
    expect(post?.headers.get('content-type')).toBe('application/json')
    expect(post?.headers.get('x-orbitdock-spooled')).toBeNull()
    expect(post?.body).toEndWith(`,${TRICKY.slice(1)}\n`)
    const body = Body.parse(JSON.parse(post?.body ?? ''))
    expect(body).toMatchObject({ type: 'claude_status_event', host_id: 'this-host', pid: process.pid, session_id: 's' })
    expect(Math.abs(body.sent_at - Date.now() / 1000)).toBeLessThan(60)
    expect(world.spooled).toEqual([])
  })

  test('arrives when it is pretty-printed', async () => {
    await using world = new HookWorld()
    world.serve()
    const input = `${JSON.stringify({ session_id: 's', tool_input: { a: [1, { b: 2 }] } }, null, 2)}\n\n`
    await world.run({ shell, input })
    expect(world.posts[0]?.body).toEndWith(`,${input.trim().slice(1)}\n`)
    Body.parse(JSON.parse(world.posts[0]?.body ?? ''))
  })

  test('arrives when it has 5 MB, and is spooled when the server is down', async () => {
    await using world = new HookWorld()
    world.serve()
    const input = JSON.stringify({ session_id: 's', tool_response: 'ä%s\\"'.repeat(600_000) })
    await world.run({ shell, input })
    expect(world.posts[0]?.body.endsWith(`,${input.slice(1)}\n`)).toBe(true)
    await world.stopServing()
    await world.run({ shell, input })
    expect(world.readSpooled().endsWith(`,${input.slice(1)}\n`)).toBe(true)
  })

  test('without keys is still an object, and nothing at all is no event', async () => {
    await using world = new HookWorld()
    world.serve()
    for (const input of ['{}', '{ \n }\n']) await world.run({ shell, input })
    for (const post of world.posts) expect(Body.safeParse(JSON.parse(post.body)).success).toBe(true)
    expect(world.posts.length).toBe(2)
    await world.run({ shell, input: '' })
    await world.run({ shell, args: [] })
    expect(world.posts.length).toBe(2)
  })

  test('names its terminal and its OrbitDock session unless that would break the JSON', async () => {
    await using world = new HookWorld()
    world.serve()
    await world.run({
      shell,
      env: { TERM_PROGRAM: 'Tabby ü', TMUX_PANE: '%5', TERM_SESSION_ID: 'w0t0', ORBITDOCK_SESSION_ID: 'od-1' },
    })
    await world.run({
      shell,
      env: { TERM_PROGRAM: 'a"b', ITERM_SESSION_ID: 'a\\b', TERM_SESSION_ID: 'w0', ORBITDOCK_SESSION_ID: 'a\tb\n' },
    })
    const [known, unsafe] = world.posts.map((post) => JSON.parse(post.body))
    expect(known).toMatchObject({ terminal_app: 'Tabby ü', terminal_session_id: 'w0t0', orbitdock_session_id: 'od-1' })
    expect(Object.keys(unsafe)).toEqual(['type', 'event_id', 'sent_at', 'host_id', 'pid', 'session_id'])
  })

  test('that the server cannot take now is spooled as it would have been posted', async () => {
    await using world = new HookWorld()
    await world.run({ shell, input: TRICKY })
    expect(world.spooled).toEqual([expect.stringMatching(/^\d{10}-000000-\d+\.json$/)])
    expect(statSync(join(world.paths.spool, world.spooled[0] ?? '')).mode & 0o777).toBe(0o600)
    const body = world.readSpooled()
    expect(body).toEndWith(`,${TRICKY.slice(1)}\n`)
    Body.parse(JSON.parse(body))

    world.serve()
    for (const status of [401, 403, 404, 429, 500, 503]) {
      world.respond = () => new Response('no', { status })
      expect(await world.run({ shell })).toBe('')
    }
    expect(world.spooled.length).toBe(7)
    expect(world.failed).toEqual([])
  })

  test('that the server refuses is put aside, where it blocks nobody', async () => {
    await using world = new HookWorld()
    world.serve()
    for (const status of [400, 413, 415, 422]) {
      world.respond = () => new Response('no', { status })
      expect(await world.run({ shell, input: status === 400 ? 'no JSON' : '{"a":1}' })).toBe('')
    }
    expect(world.spooled).toEqual([])
    expect(world.failed.length).toBe(4)
  })

  test('does not overtake those that wait: the server is told, and the spool sorts by arrival', async () => {
    await using world = new HookWorld()
    const ahead = `${Math.floor(Date.now() / 1000) + 3600}-000009-1.json`
    for (const prompt of ['one', 'two', 'three']) await world.run({ shell, input: JSON.stringify({ prompt }) })
    // The clock was an hour ahead for a moment.
    writeFileSync(join(world.paths.spool, ahead), '{"prompt":"ahead"}')
    for (const prompt of ['four', 'five']) await world.run({ shell, input: JSON.stringify({ prompt }) })
    const prompts = world.spooled.map((_, index) => JSON.parse(world.readSpooled(index)).prompt)
    expect(prompts).toEqual(['one', 'two', 'three', 'ahead', 'four', 'five'])
    expect(world.spooled.at(-1)).toMatch(/^\d{10}-000011-\d+\.json$/)
    world.serve()
    await world.run({ shell })
    expect(world.posts[0]?.headers.get('x-orbitdock-spooled')).toBe('1')
  })

  test('is spooled by many hooks at once without losing one', async () => {
    await using world = new HookWorld()
    const numbers = Array.from({ length: 30 }, (_, number) => number)
    await Promise.all(numbers.map((number) => world.run({ shell, input: JSON.stringify({ number }) })))
    const bodies = world.spooled.map((_, index) => JSON.parse(world.readSpooled(index)))
    expect(bodies.map((body) => body.number).sort((left, right) => left - right)).toEqual(numbers)
    expect(new Set(bodies.map((body) => body.event_id)).size).toBe(numbers.length)
  })

  test('gets through whatever the environment of the user holds', async () => {
    await using world = new HookWorld()
    world.serve()
    writeFileSync(
      join(world.root, '.curlrc'),
      'url = "http://127.0.0.1:1/stolen"\nproxy = "http://127.0.0.1:1"\nfail\n',
    )
    await world.run({
      shell,
      input: JSON.stringify({ text: 'x'.repeat(300_000) }),
      env: {
        http_proxy: 'http://127.0.0.1:1',
        ALL_PROXY: 'http://127.0.0.1:1',
        CURL_HOME: world.root,
        LC_ALL: 'C.UTF-8',
        IFS: 'a:/',
        TMPDIR: '/nowhere',
        PATH: '',
        SHELLOPTS: 'allexport:errexit:nounset:noclobber:noglob',
        // Exported, these would go to curl with 300 kB each.
        body: '1',
        payload: '1',
        reply: '1',
        event_id: 'stale',
        'BASH_FUNC_curl%%': '() { echo stolen; }',
        'BASH_FUNC_cat%%': '() { echo stolen; }',
      },
    })
    const [post] = world.posts
    expect(JSON.parse(post?.body ?? '').text.length).toBe(300_000)
    expect(JSON.parse(post?.body ?? '').event_id).not.toBe('stale')
  })

  test('is delivered with any of the standard streams closed', async () => {
    await using world = new HookWorld()
    world.serve()
    const { hookScript } = world.paths
    for (const closed of ['>&-', '2>&-', '>&- 2>&-']) {
      const line = `echo '{"a":1}' | ${shell.join(' ')} '${hookScript}' claude_status_event ${closed}`
      expect(await Bun.spawn(['sh', '-c', line]).exited).toBe(0)
    }
    const line = `${shell.join(' ')} '${hookScript}' claude_status_event <&- >&- 2>&-`
    expect(await Bun.spawn(['sh', '-c', line]).exited).toBe(0)
    expect(world.posts.map((post) => JSON.parse(post.body).a)).toEqual([1, 1, 1])
  })

  test('survives Ctrl-C and the end of the terminal', async () => {
    await using world = new HookWorld()
    const answer = Promise.withResolvers<Response>()
    world.respond = () => answer.promise
    world.serve()
    const run = world.start({ shell })
    await world.received(1)
    for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) run.kill(signal)
    answer.resolve(new Response(null, { status: 503 }))
    expect(await run.exited).toBe(0)
    expect(world.spooled.length).toBe(1)
  })

  test('is dropped in silence when there is nowhere to keep it', async () => {
    await using world = new HookWorld()
    world.editScript((script) => script.replace('"$spool" 100000', '"$spool" 2'))
    for (const _ of [1, 2, 3]) await world.run({ shell })
    expect(world.spooled.length).toBe(2)
    rmSync(world.paths.spool, { recursive: true })
    expect(await world.run({ shell })).toBe('')
    writeFileSync(world.paths.spool, 'not a directory')
    expect(await world.run({ shell })).toBe('')
  })

  test('is spooled where there is no curl', async () => {
    await using world = new HookWorld()
    world.serve()
    const tools = join(world.root, 'tools')
    mkdirSync(tools)
    for (const tool of ['cat', 'date', 'ln', 'mv', 'rm']) symlinkSync(Bun.which(tool) ?? '', join(tools, tool))
    world.editScript((script) => script.replace(/^PATH=.*$/m, `PATH=${tools}`))
    const absolute = [Bun.which(shell[0] ?? '') ?? '', ...shell.slice(1)]
    await world.run({ shell: absolute })
    await world.run({ shell: absolute, args: ['claude_tool_event', 'ask'] })
    expect(world.posts).toEqual([])
    expect(world.spooled.length).toBe(2)
  })

  test('has an id of its own also where the kernel gives no random numbers', async () => {
    await using world = new HookWorld()
    world.serve()
    world.editScript((script) => script.replaceAll('/proc/sys/kernel/random/uuid', '/nowhere'))
    await Promise.all(Array.from({ length: 20 }, () => world.run({ shell })))
    expect(new Set(world.posts.map((post) => Body.parse(JSON.parse(post.body)).event_id)).size).toBe(20)
  })
})

test('a hundred hooks at once get a hundred event ids', async () => {
  await using world = new HookWorld()
  world.serve()
  await Promise.all(Array.from({ length: 100 }, () => world.run()))
  expect(new Set(world.posts.map((post) => JSON.parse(post.body).event_id)).size).toBe(100)
})

test('a server that hangs costs the agent three seconds, and no event', async () => {
  await using world = new HookWorld()
  world.respond = () => new Promise(() => {})
  world.serve()
  const start = performance.now()
  await world.run()
  expect(performance.now() - start).toBeWithin(2_500, 4_500)
  expect(world.spooled.length).toBe(1)
  expect(world.readSpooled()).toBe(world.posts[0]?.body ?? '')
})

test('a server elsewhere is reached by its URL, and no socket is tried', async () => {
  await using target = new HookWorld()
  const url = target.serve({ tcp: true })
  await using world = new HookWorld({ serverUrl: `${url.origin}/` })
  world.serve()
  await world.run()
  expect(target.posts[0]?.url.pathname).toBe('/api/hook')
  expect(world.posts).toEqual([])
})

test('the token is read at the time of the call, from a file', async () => {
  await using world = new HookWorld()
  world.serve()
  await world.run()
  writeFileSync(world.paths.hookCurlConfig, 'header = "Authorization: Bearer secret-1"\n', { mode: 0o600 })
  await world.run()
  expect(world.posts.map((post) => post.headers.get('authorization'))).toEqual([null, 'Bearer secret-1'])
})

test('a data directory may have any name', async () => {
  await using world = new HookWorld({ dataDir: `it's "my" $HOME \\ *[1] &data` })
  await world.run()
  expect(world.spooled.length).toBe(1)
  world.serve()
  await world.run()
  expect(world.posts.length).toBe(1)
})

test('a data directory may lie deeper than a socket can be named, and other servers stay out of it', async () => {
  await using world = new HookWorld({ dataDir: 'deep'.repeat(30) })
  world.serve()
  await world.run()
  expect(world.posts.length).toBe(1)
  expect(world.spooled).toEqual([])
})

test('without curl every event waits in the spool, from where a server takes it', async () => {
  await using world = new HookWorld()
  world.serve()
  world.editScript((script) =>
    script.replaceAll('curl "$@"', 'no-such-curl "$@"').replace('-v curl', '-v no-such-curl'),
  )
  expect(await world.run()).toBe('')
  expect(await world.run({ args: ['claude_tool_event', 'ask'] })).toBe('')
  expect(world.posts).toEqual([])
  expect(world.spooled.length).toBe(2)
})

test('a script that is replaced while it waits for an answer still brings it', async () => {
  await using world = new HookWorld()
  const answer = Promise.withResolvers<Response>()
  world.respond = () => answer.promise
  world.serve()
  const run = world.start({ args: ['claude_tool_event', 'ask'] })
  await world.received(1)
  replaceFile(world.paths.hookScript, '#!/bin/sh\nexit 1\n', 0o755)
  await world.stopServing()
  world.respond = () => new Response('yes')
  world.serve()
  expect(await run.stdout.text()).toBe('yes')
  expect(await run.exited).toBe(0)
})

test('a server elsewhere gets what waits for it with the next events, in order', async () => {
  await using target = new HookWorld()
  const url = target.serve({ tcp: true })
  await using world = new HookWorld({ serverUrl: url.origin })
  target.respond = () => new Response('busy', { status: 503 })
  for (const number of Array(12).keys()) await world.run({ input: JSON.stringify({ number }) })
  target.posts.length = 0
  target.respond = ({ body }) => new Response(null, { status: JSON.parse(body).number === 3 ? 422 : 204 })
  await world.run({ input: '{"number":12}' })
  expect(world.spooled.length).toBe(3)
  await world.run({ input: '{"number":13}' })
  expect(target.posts.map(({ body }) => JSON.parse(body).number)).toEqual([...Array(14).keys()])
  expect(world.spooled).toEqual([])
  expect(world.failed.length).toBe(1)
})
