import { expect, test } from 'bun:test'
import { join } from 'node:path'

/** Its clock stands still; each line on its input moves it by a second. */
const script = `
  import { stopSignal } from ${JSON.stringify(join(import.meta.dir, '../../src/cli/stop-signal.ts'))}
  let now = 0
  process.stdin.on('data', () => {
    now += 1000
    console.log('later')
  })
  process.on('SIGTERM', () => console.log('heard'))
  const stopping = stopSignal(() => now)
  console.log('ready')
  console.log(await stopping)
`

test.each(['SIGINT', 'SIGTERM'] as const)(
  'after %s there is time to stop; its echoes change nothing, and a later signal ends it at once',
  async (signal) => {
    const child = Bun.spawn([process.execPath, '-e', script], { stdin: 'pipe', stdout: 'pipe' })
    let output = ''
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
    const said = async (text: string) => {
      while (!output.includes(text)) output += (await reader.read()).value ?? ''
      output = output.slice(output.indexOf(text) + text.length)
    }
    await said('ready\n')
    child.kill(signal)
    await said(`${signal}\n`)
    child.kill('SIGTERM')
    await said('heard\n')
    expect(child.exitCode).toBeNull()
    child.stdin.write('\n')
    await said('later\n')
    child.kill('SIGTERM')
    expect(await child.exited).toBe(1)
  },
)
