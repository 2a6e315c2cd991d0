/** How many tool hooks per second are acknowledged, and what one costs. */
import { alternate, type Benchmark, freshPrefix, withPair } from '../lib/benchmark.ts'
import { atLeast, atMost, count } from '../lib/figure.ts'
import { toolHook } from '../lib/payloads.ts'
import { isAccepted, PostConnection } from '../lib/post-connection.ts'
import { cpuSeconds } from '../lib/proc.ts'
import { median } from '../lib/statistics.ts'
import type { Subject } from '../lib/subject.ts'

const CONNECTIONS = 64
const SESSIONS = 128

export interface Ingest {
  readonly accepted: number
  readonly refused: number
  readonly perSecond: number
  /** Of the whole process, in microseconds. */
  readonly cpuPerEvent: number
}

/** Posts tool hooks as fast as they are acknowledged. Each connection owns some sessions, so that their events stay in order. */
export async function ingest({ port, pid }: Subject, seconds: number): Promise<Ingest> {
  const prefix = freshPrefix('ingest')
  const connections = await PostConnection.openMany(port, CONNECTIONS)
  const cpu = cpuSeconds(pid)
  const began = performance.now()
  const end = began + seconds * 1000
  let accepted = 0
  let refused = 0
  const pump = async (connection: PostConnection, number: number) => {
    const own = Array.from({ length: SESSIONS / CONNECTIONS }, (_, at) => `${prefix}-${number + at * CONNECTIONS}`)
    for (let sent = 0; performance.now() < end; sent++) {
      const status = await connection.post(toolHook(own[sent % own.length] ?? '', Math.floor(sent / own.length)))
      if (isAccepted(status)) accepted++
      else refused++
      if (status === 0) return
    }
  }
  await Promise.all(connections.map(pump))
  const perSecond = (accepted * 1000) / (performance.now() - began)
  for (const connection of connections) connection.close()
  return { accepted, refused, perSecond, cpuPerEvent: ((cpuSeconds(pid) - cpu) * 1e6) / accepted }
}

export const ingestBenchmark: Benchmark = {
  name: 'ingest',
  measure: (command, { rounds, seconds }) =>
    withPair(command, async (pair) => {
      // What is hot gets compiled; a server that runs for days is measured, not its first seconds.
      await alternate(pair, 1, (subject) => ingest(subject, seconds))
      const { raw, server } = await alternate(pair, rounds, (subject) => ingest(subject, seconds))
      return { raw: figures(raw), ...(pair.server && { server: serverFigures(server, raw) }) }
    }),
}

function figures(rounds: readonly Ingest[]) {
  const perSecond = median(rounds.map((round) => round.perSecond))
  return [{ row: 'ingest, acknowledged', value: perSecond, text: `${count(perSecond)}/s` }, cpuFigure(rounds)]
}

function serverFigures(rounds: readonly Ingest[], raw: readonly Ingest[]) {
  const ratio = median(rounds.map(({ perSecond }, round) => perSecond / (raw[round]?.perSecond ?? Number.NaN)))
  const perSecond = count(median(rounds.map((round) => round.perSecond)))
  const refused = rounds.reduce((sum, round) => sum + round.refused, 0)
  return [
    {
      row: 'ingest, acknowledged',
      value: ratio,
      text: `${ratio.toFixed(3)} (${perSecond}/s${refused ? `, ${count(refused)} refused` : ''})`,
      target: atLeast(0.15, 'of raw'),
    },
    { ...cpuFigure(rounds), target: atMost(150, 'µs per event') },
  ]
}

function cpuFigure(rounds: readonly Ingest[]) {
  const cpu = median(rounds.map(({ cpuPerEvent }) => cpuPerEvent))
  return { row: 'ingest, processor time', value: cpu, text: `${cpu.toFixed(0)} µs` }
}
