/** What the hook script costs above a bare curl to the same place. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderHookScript } from '../../../src/install/hook-script.ts'
import { dataPaths } from '../../../src/lib/data-paths.ts'
import { type Benchmark, freshPrefix, times, withServer } from '../lib/benchmark.ts'
import { atMost } from '../lib/figure.ts'
import { toolHook } from '../lib/payloads.ts'
import { median } from '../lib/statistics.ts'
import type { BenchServer } from '../lib/subject.ts'
import { undisturbed } from '../lib/undisturbed.ts'

const CALLS_PER_ROUND = 50

/** Milliseconds of one call. */
interface Costs {
  readonly script: number
  readonly curl: number
}

export const hookScriptBenchmark: Benchmark = {
  name: 'hook-script',
  async measure(command, { rounds }) {
    if (command === undefined) return {}
    const { script, curl } = await withServer(command, (server) => compare(server, rounds))
    const extra = script - curl
    return {
      server: [
        {
          row: 'hook script, above a bare curl',
          value: extra,
          text: `${extra.toFixed(1)} ms (${script.toFixed(1)} against ${curl.toFixed(1)} ms)`,
          target: atMost(6, 'ms'),
        },
      ],
    }
  },
}

/** Medians in milliseconds; the two take turns. */
async function compare({ dataDir }: BenchServer, rounds: number): Promise<Costs> {
  mkdirSync(join(dataDir, 'spool'), { recursive: true })
  const file = join(dataDir, 'hook.sh')
  writeFileSync(file, renderHookScript({ dataDir, hostId: 'bench', serverUrl: null }), { mode: 0o755 })
  const { socket } = dataPaths(dataDir)
  const bare = ['-q', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--unix-socket', socket]
  const json = ['-H', 'Content-Type: application/json', '--data-binary', '@-', 'http://localhost/api/hook']
  const session = freshPrefix('hook-script')
  let calls = 0
  const takeTurns = async () => {
    const body = Buffer.from(toolHook(session, calls++))
    const script = timed(['/bin/sh', file, 'claude_tool_event'], body, '')
    return { script, curl: timed(['curl', ...bare, ...json], body, '204') }
  }
  const costs = (await times(rounds, () => undisturbed(() => times(CALLS_PER_ROUND, takeTurns)))).flat()
  return { script: median(costs.map(({ script }) => script)), curl: median(costs.map(({ curl }) => curl)) }
}

/** Milliseconds that a program took; throws when it did not print what it should. */
function timed(command: readonly string[], stdin: Buffer, prints: string): number {
  const began = performance.now()
  const { stdout, exitCode } = Bun.spawnSync([...command], { stdin, stdout: 'pipe', stderr: 'ignore' })
  const ms = performance.now() - began
  if (exitCode !== 0 || stdout.toString() !== prints)
    throw new Error(`${command[0]} left with ${exitCode} and printed ${JSON.stringify(stdout.toString())}`)
  return ms
}
