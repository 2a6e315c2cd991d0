/** How many frames per second reach many clients that follow the list. */
import { alternate, type Benchmark, freshPrefix, times, withPair } from '../lib/benchmark.ts'
import { atLeast, count, type Figure } from '../lib/figure.ts'
import { ListClient } from '../lib/list-client.ts'
import { statusHook } from '../lib/payloads.ts'
import { PostConnection } from '../lib/post-connection.ts'
import { median } from '../lib/statistics.ts'

const CLIENTS = [100, 1_000]
/** Frames of one round over all clients. */
const FRAMES = 400_000
/** Several at a time: the delivery is measured here, not the wait of one poster for the disk. */
const POSTERS = 64
/** Milliseconds without a frame after which no more is coming. */
const QUIET_MS = 1_500

interface FanOut {
  readonly perSecond: number
  /** Share of the frames that came. */
  readonly delivered: number
}

/** Every hook changes one session; each change is one frame for each client. */
async function fanOut(port: number, clients: number): Promise<FanOut> {
  const prefix = freshPrefix('fan-out')
  let received = 0
  let lastAt = 0
  const onFrame = (frame: string) => {
    if (!frame.includes('"work_status"')) return
    received++
    lastAt = performance.now()
  }
  const posters = await PostConnection.openMany(port, POSTERS)
  await Promise.all(posters.map((poster, number) => poster.post(statusHook(`${prefix}-${number}`, 1))))
  const followers = await Promise.all(Array.from({ length: clients }, () => ListClient.follow(port, onFrame)))
  const eventsEach = Math.floor(FRAMES / clients / POSTERS)
  const expected = eventsEach * POSTERS * clients
  received = 0
  const began = performance.now()
  lastAt = began
  await Promise.all(
    posters.map((poster, number) =>
      times(eventsEach, (event) => poster.post(statusHook(`${prefix}-${number}`, event))),
    ),
  )
  while (received < expected && performance.now() - lastAt < QUIET_MS) await Bun.sleep(1)
  for (const connection of [...followers, ...posters]) connection.close()
  return { perSecond: (received * 1000) / (lastAt - began), delivered: received / expected }
}

export const fanOutBenchmark: Benchmark = {
  name: 'fan-out',
  measure: (command, { rounds }) =>
    withPair(command, async (pair) => {
      const raw: Figure[] = []
      const server: Figure[] = []
      for (const clients of CLIENTS) {
        const row = `fan-out to ${clients.toLocaleString('en')} clients`
        const results = await alternate(pair, rounds, ({ port }) => fanOut(port, clients))
        const rate = (of: readonly FanOut[]) => median(of.map(({ perSecond }) => perSecond))
        raw.push({ row, value: rate(results.raw), text: `${count(rate(results.raw))} frames/s` })
        const ratio = median(results.server.map(({ perSecond }, at) => perSecond / (results.raw[at]?.perSecond ?? 0)))
        const delivered = Math.min(...results.server.map((result) => result.delivered))
        const lost = delivered === 1 ? '' : `, ${(delivered * 100).toFixed(1)} % delivered`
        server.push({
          row,
          value: ratio,
          text: `${ratio.toFixed(2)} (${count(rate(results.server))} frames/s${lost})`,
          target: atLeast(0.75, 'of raw'),
        })
      }
      return { raw, ...(pair.server && { server }) }
    }),
}
