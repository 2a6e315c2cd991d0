import { expect, test } from 'bun:test'
import { join } from 'node:path'

const script = `
  import { stopSignal } from ${JSON.stringify(join(import.meta.dir, '../../src/cli/stop-signal.ts'))}
  setInterval(() => {}, 1000)
  const stopping = stopSignal()
  console.log('ready')
  console.log(await stopping)
`

test.each(['SIGINT', 'SIGTERM'] as const)(
  'after %s there is time to stop; a second signal ends it at once',
  async (signal) => {
    const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' })
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
    expect((await lines.read()).value).toBe('ready\n')
    child.kill(signal)
    expect((await lines.read()).value).toBe(`${signal}\n`)
    expect(child.exitCode).toBeNull()
    child.kill('SIGTERM')
    expect(await child.exited).toBe(1)
  },
)
