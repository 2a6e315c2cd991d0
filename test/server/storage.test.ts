import { afterEach, describe, expect, test } from 'bun:test'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanUp, tinyDisk } from '../store/fixtures.ts'
import { prompt, stop } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

afterEach(cleanUp)

const DISK_BYTES = 8 * 1024 * 1024
const canMount = process.platform === 'linux' && process.getuid?.() === 0

if (!canMount) process.stderr.write('skipped: a full disk needs the right to mount a tmpfs (root on Linux)\n')

describe.if(canMount)('a full disk', () => {
  test('loses nothing that was acknowledged, is said aloud, and is over when there is room again', async () => {
    const home = tinyDisk(DISK_BYTES)
    const server = await LocalServer.start({ home })
    const client = await server.client()
    expect(await server.hook(prompt('before'))).toBe(204)
    const filler = join(home, 'filler')
    const { bavail, bsize } = statfsSync(home)
    writeFileSync(filler, Buffer.alloc(bavail * bsize))

    // Not answered while it cannot be stored; the hook script would give up and spool.
    const hanging = server.hook(prompt('during', 'x'.repeat(100_000)))
    const warned = async (): Promise<string> => {
      const { warnings } = (await (await fetch(`${server.url}/health`)).json()) as { warnings?: string[] }
      return warnings?.join() ?? (await warned())
    }
    expect(await warned()).toContain('full')
    expect(await server.hook(stop('before'))).toBe(503)
    client.send({ type: 'rename_session', session_id: 'before', name: 'n', command_id: 'c1' })
    expect(await client.expect('command_ack')).toMatchObject({ ok: false, code: 'storage_failed' })

    rmSync(filler)
    expect(await hanging).toBe(204)
    expect(await server.hook(stop('before'))).toBe(204)
    expect(server.read('SELECT id, work_status FROM sessions ORDER BY id')).toEqual([
      { id: 'before', work_status: 'waiting' },
      { id: 'during', work_status: 'working' },
    ])
    await server.stop()
  })
})
