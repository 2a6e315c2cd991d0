import { expect, test } from 'bun:test'
import type { CliError } from '../../src/cli/cli-error.ts'
import { LiveClient } from '../../src/cli/live-client.ts'
import type { Target } from '../../src/cli/target.ts'
import { ScriptedServer } from '../support/scripted-server.ts'
import { within } from '../support/within.ts'

function targetAt(port: number): Target {
  const place = `127.0.0.1:${port}/ws`
  return { socketUrl: `ws://${place}`, httpUrl: `http://${place}`, unixSocket: null, token: null, name: place }
}

test('a server that no longer answers is given up', async () => {
  const silent = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      data: (socket, bytes) => {
        const key = /Sec-WebSocket-Key: (\S+)/i.exec(bytes.toString())?.[1]
        if (!key) return
        const accept = new Bun.CryptoHasher('sha1')
          .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
          .digest('base64')
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
        )
      },
    },
  })
  const client = await LiveClient.connect(targetAt(silent.port))
  client.watchOver(50)
  await within(5_000, client.closed, () => 'the connection is still open')
  silent.stop(true)
})

test('a quiet server that answers pings is kept', async () => {
  const pinged = Promise.withResolvers<'open'>()
  let pings = 0
  using server = Bun.serve({
    port: 0,
    fetch: (request, server) => (server.upgrade(request) ? undefined : new Response()),
    websocket: {
      message: () => {},
      ping: () => {
        pings += 1
        if (pings === 5) pinged.resolve('open')
      },
    },
  })
  const client = await LiveClient.connect(targetAt(server.port ?? 0))
  client.watchOver(20)
  expect(await Promise.race([pinged.promise, client.closed])).toBe('open')
  client.close()
})

test('a server that admits only its own user says so in its own words', async () => {
  using server = Bun.serve({
    port: 0,
    fetch: () => new Response('Only its user may connect.\u001b[2J\n', { status: 403 }),
  })
  const refusal = await LiveClient.connect(targetAt(server.port ?? 0)).catch((error) => error)
  expect(refusal).toMatchObject({ code: 'refused', exitCode: 3 })
  expect(refusal.message).toEndWith('refused the connection (HTTP 403): Only its user may connect.')
})

test('what is no frame is passed over', async () => {
  using server = Bun.serve({
    port: 0,
    fetch: (request, server) => (server.upgrade(request) ? undefined : new Response()),
    websocket: {
      message: (socket) => {
        for (const text of ['not json', '[]', 'null', '{"type":7}', '{"type":"from_the_future","x":1}'])
          socket.send(text)
        socket.send('{"type":"session_ended","session_id":"s","reason":"r"}')
      },
    },
  })
  const client = await LiveClient.connect(targetAt(server.port ?? 0))
  const ended = client.waitFor((frame) => (frame.type === 'session_ended' ? frame.reason : undefined), 5_000)
  client.send({ type: 'subscribe_list' })
  expect(await ended).toBe('r')
  client.close()
})

test('waiting ends when the connection does, or the time', async () => {
  const server = new ScriptedServer({ answer: () => [] })
  const client = await LiveClient.connect(targetAt(server.port))
  const never = () => undefined
  expect(await client.waitFor(never, 20).catch((error) => error)).toMatchObject({ code: 'timeout', exitCode: 3 })
  const lost = client.waitFor(never, 5_000).catch((error: CliError) => error.code)
  await server[Symbol.asyncDispose]()
  expect(await lost).toBe('connection_lost')
})
