/** What every benchmark is: a measurement of one server, next to the raw one where that is its measure. */
import type { Figure } from './figure.ts'
import { BenchServer } from './subject.ts'
import { undisturbed } from './undisturbed.ts'

export interface RunOptions {
  /** Seconds of load in one round. */
  readonly seconds: number
  /** Rounds of which the median is quoted. */
  readonly rounds: number
  /** Rounds of kill -9. */
  readonly kills: number
}

/** Figures of both servers; either may be missing. */
export interface Measured {
  readonly server?: readonly Figure[]
  readonly raw?: readonly Figure[]
}

export interface Benchmark {
  readonly name: string
  /** Without a command, only the raw server is measured. */
  measure(command: string | undefined, options: RunOptions): Promise<Measured>
}

/** Both servers, running side by side. */
export interface Pair {
  readonly raw: BenchServer
  readonly server: BenchServer | undefined
}

/** Runs the raw server, and the one of the command, for the time of `use`. */
export async function withPair<T>(command: string | undefined, use: (pair: Pair) => Promise<T>): Promise<T> {
  await using raw = BenchServer.raw()
  await raw.start()
  if (command === undefined) return await use({ raw, server: undefined })
  return await withServer(command, (server) => use({ raw, server }))
}

/** Runs a server with a directory of its own, which `prepare` may fill before, for the time of `use`. */
export async function withServer<T>(
  command: string,
  use: (server: BenchServer) => Promise<T>,
  prepare: (server: BenchServer) => void = () => {},
): Promise<T> {
  await using server = BenchServer.of(command)
  prepare(server)
  await server.start()
  return await use(server)
}

export async function times<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let index = 0; index < count; index++) results.push(await run(index))
  return results
}

export interface Rounds<T> {
  readonly raw: readonly T[]
  readonly server: readonly T[]
}

/** Measures one server after the other, several times, so that the noise of the machine meets both. */
export async function alternate<T>(
  { raw, server }: Pair,
  rounds: number,
  measure: (subject: BenchServer) => Promise<T>,
): Promise<Rounds<T>> {
  const both = async () => ({ raw: await measure(raw), server: server && (await measure(server)) })
  const results = await times(rounds, () => undisturbed(both))
  return {
    raw: results.map((round) => round.raw),
    server: results.flatMap((round) => (round.server === undefined ? [] : [round.server])),
  }
}

let runs = 0

/** A prefix for session ids that no other measurement uses. */
export function freshPrefix(name: string): string {
  runs++
  return `${name}-${runs}`
}
