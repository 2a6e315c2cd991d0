/** Everything that a connector tells, in order, for tests that wait for a part of it. */
import type { ConnectorListener } from '../../src/connectors/connector.ts'
import type { LogFields, LogLevel } from '../../src/lib/log.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { Changes } from '../support/within.ts'

const PATIENCE_MS = 20_000

export type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>

export class Told implements ConnectorListener {
  readonly all: SessionEvent[] = []
  readonly pids: number[] = []
  /** Why it left, each time. */
  readonly exits: (string | null)[] = []
  readonly logged: { readonly event: string; readonly fields: LogFields }[] = []
  readonly #changes = new Changes()

  /** How much was told by any means. */
  get size(): number {
    return this.all.length + this.pids.length + this.exits.length + this.logged.length
  }

  events(events: readonly SessionEvent[]): void {
    this.all.push(...events)
    this.#changes.announce()
  }

  spawned(pid: number): void {
    this.pids.push(pid)
    this.#changes.announce()
  }

  exited(reason: string | null): void {
    this.exits.push(reason)
    this.#changes.announce()
  }

  log(_level: LogLevel, event: string, fields: LogFields): void {
    this.logged.push({ event, fields })
    this.#changes.announce()
  }

  of<Type extends SessionEvent['type']>(type: Type): readonly EventOf<Type>[] {
    return this.all.filter((event): event is EventOf<Type> => event.type === type)
  }

  /** The event of a type with this number, now or later; the first is 1. */
  async until<Type extends SessionEvent['type']>(type: Type, count = 1): Promise<EventOf<Type>> {
    const find = () => this.of(type)[count - 1]
    return this.#changes.until(find, PATIENCE_MS, () => `${type} ${count} was never told, but ${this.#types()}`)
  }

  /** The process, once it runs. */
  begun(): Promise<number> {
    return this.#changes.until(
      () => this.pids[0],
      PATIENCE_MS,
      () => 'it never ran',
    )
  }

  /** Settles when the agent has left. */
  async left(): Promise<string | null> {
    const find = () => (this.exits.length > 0 ? { reason: this.exits[0] ?? null } : undefined)
    return (await this.#changes.until(find, PATIENCE_MS, () => 'it never left')).reason
  }

  #types(): string {
    return this.all.map(({ type }) => type).join(', ')
  }
}
