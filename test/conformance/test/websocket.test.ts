/** The hand-made WebSocket client against a real server. */
import { afterAll, describe, expect, test } from 'bun:test'
import { type Connected, SocketClient } from '../lib/socket-client.ts'
import { encodeFrame, FrameReader, OP } from '../lib/websocket-codec.ts'

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, app) {
    if (request.headers.get('authorization') !== 'Bearer t') return new Response(null, { status: 401 })
    return app.upgrade(request) ? undefined : new Response(null, { status: 400 })
  },
  websocket: {
    message(socket, message) {
      if (message === 'flood') for (let index = 0; index < 2000; index++) socket.send('x'.repeat(5000))
      else if (message === 'close') socket.close()
      else socket.send(typeof message === 'string' ? message : `binary ${message.length}`)
    },
  },
})
afterAll(() => server.stop(true))

function open(received: string[], onClose = () => {}): Promise<Connected> {
  const options = { port: server.port ?? 0, path: '/ws', headers: { Authorization: 'Bearer t' }, timeoutMs: 2000 }
  return SocketClient.connect(options, { onText: (text) => received.push(text), onClose })
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries++) await Bun.sleep(10)
  expect(holds()).toBe(true)
}

const socketOf = (connected: Connected) => {
  if (!('socket' in connected)) throw new Error(`status ${connected.status}`)
  return connected.socket
}

describe('socket client', () => {
  test('exchanges text of every size', async () => {
    const received: string[] = []
    const socket = socketOf(await open(received))
    const texts = ['', 'a', 'é'.repeat(200), 'x'.repeat(70_000)]
    for (const text of texts) socket.sendText(text)
    await until(() => received.length === texts.length)
    expect(received).toEqual(texts)
    socket.close()
  })

  test('sends binary and sees pongs', async () => {
    const received: string[] = []
    const socket = socketOf(await open(received))
    expect(await socket.ping('p')).toBe('p')
    expect(await socket.ping('')).toBe('')
    socket.sendBinary(Buffer.from([1, 2, 3]))
    await until(() => received.length === 1)
    expect(received).toEqual(['binary 3'])
    socket.destroy()
  })

  test('tells the status of a refused upgrade', async () => {
    const refused = await SocketClient.connect(
      { port: server.port ?? 0, path: '/ws', timeoutMs: 2000 },
      { onText: () => {}, onClose: () => {} },
    )
    expect(refused).toEqual({ status: 401 })
  })

  test('stops reading and catches up', async () => {
    const received: string[] = []
    const socket = socketOf(await open(received))
    socket.pauseReading()
    socket.sendText('flood')
    await Bun.sleep(150)
    expect(received).toHaveLength(0)
    socket.resumeReading()
    await until(() => received.length === 2000)
    socket.destroy()
  })

  test('notices that the server closes', async () => {
    let closed = false
    const socket = socketOf(await open([], () => (closed = true)))
    socket.sendText('close')
    await until(() => closed)
  })
})

test('frames are read whatever the portions', () => {
  const reader = new FrameReader()
  const unmasked = (text: string) => {
    const payload = Buffer.from(text)
    const header =
      payload.length < 126
        ? Buffer.from([0x81, payload.length])
        : Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255])
    return Buffer.concat([header, payload])
  }
  const stream = Buffer.concat([unmasked('one'), unmasked('y'.repeat(300)), unmasked('')])
  const frames = [...stream].flatMap((byte) => reader.read(Buffer.from([byte])))
  expect(frames.map((frame) => frame.payload.toString())).toEqual(['one', 'y'.repeat(300), ''])
})

test('client frames are masked', () => {
  const frame = encodeFrame(OP.text, Buffer.from('hi'))
  expect((frame[1] as number) & 0x80).toBe(0x80)
  expect(frame).toHaveLength(8)
})
