/** What a client costs that stops reading: memory, and time of the others. */
import { type ConnectOptions, SocketClient } from '../../conformance/lib/socket-client.ts'
import { type Benchmark, times, withServer } from '../lib/benchmark.ts'
import { atMost, type Figure } from '../lib/figure.ts'
import { toolHook } from '../lib/payloads.ts'
import { PostConnection } from '../lib/post-connection.ts'
import { residentMb } from '../lib/proc.ts'
import { median, quantile } from '../lib/statistics.ts'
import { StatusProbe } from '../lib/status-probe.ts'
import type { BenchServer } from '../lib/subject.ts'
import { undisturbed } from '../lib/undisturbed.ts'

const PER_SECOND = 500
/** Sessions with big outputs, which every client here follows: about 3 MB/s to each of them. */
const NOISY_SESSIONS = 10
const OUTPUT = 'z'.repeat(12_000)
const READERS = 2
/** Seconds that a stalled client lasts: the kernel's buffers fill up first, then the server's, then it is cut. */
const STALL_SECONDS = 5
/** At once, so that what one costs stands out from the heap's own ups and downs. */
const STALLED_FOR_MEMORY = 50
const SAMPLE_MS = 20

interface Phase {
  readonly samples: readonly number[]
  readonly peakMb: number
}

export const stalledClientBenchmark: Benchmark = {
  name: 'stalled-client',
  async measure(command, { rounds }) {
    if (command === undefined) return {}
    return { server: await withServer(command, (server) => measure(server, rounds)) }
  },
}

async function measure(server: BenchServer, rounds: number): Promise<readonly Figure[]> {
  const probe = await StatusProbe.open(server.port, 'probe', 100)
  const noise = await Noise.open(server.port)
  const readers = await Promise.all(Array.from({ length: READERS }, () => follow(server.port)))
  const phase = async (stalled: number): Promise<Phase> => {
    const idle = await Promise.all(Array.from({ length: stalled }, () => follow(server.port)))
    for (const client of idle) client.pauseReading()
    let peakMb = 0
    const sampler = setInterval(() => {
      peakMb = Math.max(peakMb, residentMb(server.pid))
    }, SAMPLE_MS)
    const { samples } = await probe.run(PER_SECOND, STALL_SECONDS, (index) => noise.make(index))
    clearInterval(sampler)
    for (const client of idle) client.destroy()
    return { samples, peakMb }
  }
  try {
    // The heap finds its size and the code is compiled.
    await phase(0)
    const pairs = await times(rounds, () =>
      undisturbed(async () => ({
        calm: await phase(0),
        stalled: await phase(1),
        crowd: await phase(STALLED_FOR_MEMORY),
      })),
    )
    return figures(pairs)
  } finally {
    probe.close()
    noise.close()
    for (const reader of readers) reader.destroy()
  }
}

/** The same load without a stalled client, with one, and with many. */
interface Round {
  readonly calm: Phase
  readonly stalled: Phase
  readonly crowd: Phase
}

function figures(rounds: readonly Round[]): readonly Figure[] {
  const p99 = ({ samples }: Phase) => quantile(samples, 0.99)
  const costMb = median(rounds.map(({ calm, crowd }) => (crowd.peakMb - calm.peakMb) / STALLED_FOR_MEMORY))
  const change = median(rounds.map(({ calm, stalled }) => (p99(stalled) / p99(calm) - 1) * 100))
  const [before, after] = [
    median(rounds.map(({ calm }) => p99(calm))),
    median(rounds.map(({ stalled }) => p99(stalled))),
  ]
  return [
    {
      row: 'a client that stops reading, memory',
      value: costMb,
      text: `${costMb.toFixed(1)} MB`,
      target: atMost(4, 'MB'),
    },
    {
      row: "a client that stops reading, others' p99",
      value: change,
      text: `${change > 0 ? '+' : ''}${change.toFixed(0)} % (${before.toFixed(2)} → ${after.toFixed(2)} ms)`,
      target: atMost(20, '% more'),
    },
  ]
}

/** A client of the list and of every noisy session. */
async function follow(port: number): Promise<SocketClient> {
  const options: ConnectOptions = { port, path: '/ws', timeoutMs: 5_000 }
  let snapshots = 0
  let followed = () => {}
  const ready = new Promise<void>((resolve) => {
    followed = resolve
  })
  const onText = (text: string) => {
    if (text.startsWith('{"type":"session_snapshot"') && ++snapshots === NOISY_SESSIONS) followed()
  }
  const connected = await SocketClient.connect(options, { onText, onClose: () => {} })
  if (!('socket' in connected)) throw new Error(`the server refused a WebSocket with ${connected.status}`)
  const { socket } = connected
  socket.sendText('{"type":"subscribe_list"}')
  for (let index = 0; index < NOISY_SESSIONS; index++)
    socket.sendText(JSON.stringify({ type: 'subscribe_session', session_id: Noise.session(index) }))
  await ready
  return socket
}

/** Tool hooks with big outputs. */
class Noise {
  readonly #connections: readonly PostConnection[]
  readonly #busy = new Set<PostConnection>()
  readonly #sent = new Map<PostConnection, number>()

  private constructor(connections: readonly PostConnection[]) {
    this.#connections = connections
  }

  static session(index: number): string {
    return `noisy-${index}`
  }

  static async open(port: number): Promise<Noise> {
    const noise = new Noise(await PostConnection.openMany(port, NOISY_SESSIONS))
    await Promise.all(noise.#connections.map((_, index) => noise.make(index)))
    return noise
  }

  /** Posts the next event of a session, unless its last one is still under way. */
  async make(index: number): Promise<void> {
    const number = index % NOISY_SESSIONS
    const connection = this.#connections[number]
    if (!connection || this.#busy.has(connection)) return
    this.#busy.add(connection)
    const sent = this.#sent.get(connection) ?? 0
    this.#sent.set(connection, sent + 1)
    await connection.post(toolHook(Noise.session(number), sent, OUTPUT))
    this.#busy.delete(connection)
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }
}
