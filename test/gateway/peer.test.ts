import { describe, expect, test } from 'bun:test'
import { PeerCheck } from '../../src/gateway/peer.ts'

const row = (from: number, to: number, uid: number) =>
  `   1: 0100007F:${from.toString(16).toUpperCase().padStart(4, '0')} 0100007F:${to.toString(16).toUpperCase().padStart(4, '0')} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 12345 1 0000000000000000 20 4 30 10 -1`
const table = (...rows: string[]) =>
  ['  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid', ...rows].join('\n')
const check = (tcp: string, tcp6 = table()) =>
  new PeerCheck(
    1000,
    () => 4000,
    (path) => (path.endsWith('6') ? tcp6 : tcp),
  )
const peer = { address: '127.0.0.1', port: 50_000 }

describe('peer check', () => {
  test('admits our own user and root, on IPv4 and on IPv6', () => {
    expect(check(table(row(50_000, 4000, 1000))).allows(peer)).toBe(true)
    expect(check(table(row(50_000, 4000, 0))).allows(peer)).toBe(true)
    expect(
      check(table(), table(row(50_000, 4000, 1000).replaceAll('0100007F', '00000000000000000000000001000000'))).allows(
        peer,
      ),
    ).toBe(true)
  })
  test('refuses another user, and a socket that cannot be found', () => {
    expect(check(table(row(50_000, 4000, 1001))).allows(peer)).toBe(false)
    expect(check(table(row(50_000, 9999, 1000))).allows(peer)).toBe(false)
  })
  test('is not fooled by our own end of the connection', () => {
    expect(check(table(row(4000, 50_000, 1000), row(50_000, 4000, 1001))).allows(peer)).toBe(false)
  })
  test('admits everybody where the system tells nothing', () => {
    const silent = new PeerCheck(
      1000,
      () => 4000,
      () => {
        throw new Error('ENOENT')
      },
    )
    expect(silent.allows(peer)).toBe(true)
  })
  test.if(process.platform === 'linux')('recognises a real connection of ours', async () => {
    const seen = Promise.withResolvers<boolean>()
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch(request, self) {
        const from = self.requestIP(request)
        const real = new PeerCheck(process.getuid?.() ?? -1, () => self.port ?? 0)
        seen.resolve(from !== null && real.allows(from))
        return new Response()
      },
    })
    await fetch(server.url)
    expect(await seen.promise).toBe(true)
    await server.stop(true)
  })
})
