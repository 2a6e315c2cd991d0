/** What the hook script adds to the time of a bare `curl`: the agent waits for it at every event. */
import { expect, test } from 'bun:test'
import { HookWorld } from './hook-world.ts'

const ABOVE_CURL_MS_MAX = 6
const RUNS = 40
/** Other tests share the machine: the quietest of these rounds counts. */
const ROUNDS_MAX = 6

const payload = new TextEncoder().encode(
  JSON.stringify({ session_id: 's', tool_input: { command: 'ls '.repeat(300) } }),
)

/** Milliseconds from the start of a program to its end. */
function time(command: readonly string[]): number {
  const start = performance.now()
  const { exitCode } = Bun.spawnSync([...command], { stdin: payload })
  expect(exitCode).toBe(0)
  return performance.now() - start
}

function median(times: readonly number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0
}

/** A server in a process of its own: the one of the tests would have to wait for `spawnSync`. */
async function startServer(socket: string): Promise<Bun.Subprocess> {
  const code = `Bun.serve({ unix: ${JSON.stringify(socket)}, fetch: async (request) => (await request.text(), new Response(null, { status: 204 })) }); console.log('up')`
  const server = Bun.spawn([process.execPath, '-e', code], { stdout: 'pipe' })
  for await (const _ of server.stdout) break
  return server
}

test(`the script costs at most ${ABOVE_CURL_MS_MAX} ms more than curl`, async () => {
  await using world = new HookWorld()
  const server = await startServer(world.paths.socket)
  const curl = ['curl', '-q', '-s', '--unix-socket', world.paths.socket, '-H', 'Content-Type: application/json']
  const bare = [...curl, '--data-binary', '@-', '-o', '/dev/null', 'http://localhost/api/hook']
  let [above, bareMs] = [Number.POSITIVE_INFINITY, 0]
  for (let round = 0; round < ROUNDS_MAX && above > ABOVE_CURL_MS_MAX; round += 1) {
    const times = Array.from({ length: RUNS }, () => [
      time(bare),
      time([world.paths.hookScript, 'claude_status_event']),
    ])
    bareMs = median(times.map(([curlMs = 0]) => curlMs))
    above = median(times.map(([, scriptMs = 0]) => scriptMs)) - bareMs
  }
  server.kill()
  await server.exited
  process.stderr.write(`hook.sh: ${above.toFixed(1)} ms above curl, which takes ${bareMs.toFixed(1)} ms\n`)
  expect(world.spooled).toEqual([])
  expect(above).toBeLessThanOrEqual(ABOVE_CURL_MS_MAX)
}, 60_000)
