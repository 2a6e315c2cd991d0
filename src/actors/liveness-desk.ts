/** Knows which processes hold the sessions of one host, so that a row says what is so even where hooks kept silent. */
import { existsSync } from 'node:fs'
import { describeSession } from '../hooks/describe.ts'
import { agentIdOf, type Hook } from '../hooks/hook.ts'
import { textAt } from '../lib/json.ts'
import {
  LATE_HOOK_MS,
  LIVENESS_START_MS,
  LIVENESS_TICK_MS,
  PROCESS_PROVEN_MS,
  REGISTRY_QUIET_SCAN_MS,
  REGISTRY_SCAN_MS,
} from '../lib/limits.ts'
import { type Observation, observationOf, together } from '../liveness/doing.ts'
import { localProcesses } from '../liveness/local-processes.ts'
import { Registry, recordNow } from '../liveness/registry.ts'
import type { RegistryRecord } from '../liveness/registry-record.ts'
import type { SessionEvent } from '../session/events.ts'
import { glanceAt } from '../store/session-glance.ts'
import { readProcesses } from '../store/session-processes.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import { DoubtfulStarts } from './doubtful-starts.ts'
import { Elsewhere } from './elsewhere.ts'
import { type HookOrigin, originOf } from './hook-origin.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import { Lineage } from './lineage.ts'
import { type Holder, SessionHolders } from './session-holders.ts'
import { hostOf } from './shard.ts'
import { StatusRepair } from './status-repair.ts'
import type { TranscriptDesk } from './transcript-desk.ts'
import { UnhookedSessions } from './unhooked-sessions.ts'

interface LivenessDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly options: HostOptions
  readonly clock: () => number
}

/** Why a session ended whose end no hook told. */
const GONE = 'process_gone'
const SWITCHED = 'session_switched'

export class LivenessDesk {
  readonly #parts: LivenessDeskParts
  readonly #holders = new SessionHolders()
  readonly #registry = new Registry({
    changed: (record, before) => this.#safely(() => this.#changed(record, before)),
    gone: ({ pid }) => this.#safely(() => this.#lookAt(pid)),
  })
  readonly #lineage = new Lineage()
  readonly #doubts = new DoubtfulStarts()
  readonly #elsewhere: Elsewhere
  readonly #repair: StatusRepair
  readonly #unhooked: UnhookedSessions
  /** Processes that hooks came from. */
  readonly #speaking = new Set<number>()
  readonly #timer: ReturnType<typeof setInterval>
  readonly #firstTimer: ReturnType<typeof setTimeout>
  #restored = false
  #scannedAt = 0

  constructor(parts: LivenessDeskParts) {
    this.#parts = parts
    this.#elsewhere = new Elsewhere(parts.options.hostIdPath)
    const holders = this.#holders
    this.#repair = new StatusRepair({
      ...parts,
      observe: (sessionId) => this.#observe(sessionId),
      isHeld: (sessionId) => holders.of(sessionId).length > 0,
      safely: (work) => this.#safely(work),
    })
    this.#unhooked = new UnhookedSessions({
      ...parts,
      holders,
      isHooked: (pid) => this.#speaking.has(pid),
      found: (actor, pid) => this.#found(actor, pid),
    })
    this.#registry.follow(parts.options.claudeConfigDir)
    this.#timer = setInterval(() => this.#safely(() => this.#tick()), LIVENESS_TICK_MS)
    this.#firstTimer = setTimeout(() => this.#safely(() => this.#tick()), LIVENESS_START_MS)
  }

  /** What of a hook counts: not the end of a session that another process goes on with, nor a start that is in doubt. */
  weigh(hook: Hook, events: readonly SessionEvent[]): readonly SessionEvent[] {
    const origin = originOf(hook)
    if (!origin || !this.#elsewhere.isHere(origin.hostId)) return events
    if (hook.event === 'SessionEnd') return this.#goesOn(hook.sessionId, origin.pid) ? [] : events
    if (hook.event !== 'SessionStart' || textAt(hook.body, 'source') !== 'resume') return events
    const record = this.#recordNow(origin)
    if (!record || record.sessionId === hook.sessionId) return events
    this.#doubts.put(origin.pid, { sessionId: hook.sessionId, events, at: this.#parts.clock() })
    return [describeSession(hook, true)]
  }

  /** A hook of the session has been applied, for the first time. */
  heard(actor: Actor, hook: Hook): void {
    if (actor.state.integrationMode === 'direct') return
    if (actor.state.observed) this.#tell(actor, { type: 'session_described', quiet: true, observed: null })
    const origin = originOf(hook)
    if (!origin) return
    if (!this.#elsewhere.isHere(origin.hostId)) return this.#isElsewhere(actor, origin.pid, origin.hostId)
    if (origin.configDir !== null) this.#registry.follow(origin.configDir)
    if (hook.event === 'SessionEnd') return this.#released(actor, origin.pid)
    if (this.#doubts.has(origin.pid, actor.id)) return
    this.#hold(actor, hook, origin)
    if (agentIdOf(hook) === null && hook.event !== 'Notification') this.#repair.heard(actor.id, this.#timeOf(origin))
  }

  close(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#firstTimer)
    this.#registry.close()
    this.#repair.close()
  }

  /** A process that a hook named holds the session. */
  #hold(actor: Actor, hook: Hook, origin: HookOrigin): void {
    const { pid } = origin
    const known = this.#holders.get(pid)
    if (known?.sessionId === actor.id && known.stored && this.#speaking.has(pid)) return
    if (localProcesses.start(pid) === null) return this.#isInvisible(actor, origin)
    const record = this.#registry.recordOf(pid) ?? this.#recordNow(origin)
    if (record && !isHere(record)) return this.#isElsewhere(actor, pid, '')
    // A prompt may wait for long in a shell around its hook.
    if (hook.event === 'PermissionRequest' && record === null) return
    this.#speaking.add(pid)
    if (known && known.sessionId !== actor.id) this.#leave(known, SWITCHED)
    this.#elsewhere.sessions.delete(actor.id)
    this.#attach(pid, actor.id, record !== null || known?.proven === true, actor)
    const forkedFrom = this.#lineage.parentOf(hook, pid, record, actor.state)
    if (forkedFrom === null || actor.state.forkedFrom !== null) return
    this.#tell(actor, { type: 'session_described', quiet: true, forkedFrom })
  }

  #recordNow({ pid, configDir }: HookOrigin): RegistryRecord | null {
    return recordNow(configDir ?? this.#parts.options.claudeConfigDir, pid)
  }

  /** A hook came of a process that is not there: it ended since, or it lives in another process table. */
  #isInvisible(actor: Actor, { pid, sentAt }: HookOrigin): void {
    const isLate = sentAt !== null && this.#parts.clock() - sentAt > LATE_HOOK_MS
    if (isLate) this.#repair.left(actor.id, pid, GONE)
    else this.#isElsewhere(actor, pid, '')
  }

  #isElsewhere(actor: Actor, pid: number, hostId: string): void {
    if (this.#elsewhere.sessions.has(actor.id) || this.#holders.of(actor.id).length > 0) return
    this.#elsewhere.sessions.add(actor.id)
    this.#store(actor, { put: { pid, start: null, hostId } })
  }

  /** The session ended as it should. */
  #released(actor: Actor, pid: number): void {
    if (this.#holders.get(pid)?.sessionId === actor.id) this.#holders.remove(pid)
    this.#store(actor, { remove: pid })
    if (this.#holders.of(actor.id).length === 0) this.#repair.forget(actor.id)
    else this.#repair.consider(actor.id)
  }

  /** Whether another process holds the session besides this one. */
  #goesOn(sessionId: string, pid: number): boolean {
    return this.#holders
      .of(sessionId)
      .some((other) => other.pid !== pid && other.proven && localProcesses.isRunning(other.pid, other.start))
  }

  #changed(record: RegistryRecord, before: RegistryRecord | undefined): void {
    const { pid, sessionId } = record
    if (!localProcesses.isOwnDomain(record.pidDomain)) return
    if (before && before.sessionId !== sessionId) this.#lineage.moved(pid, before.sessionId)
    const holder = this.#holders.get(pid)
    if (holder && holder.sessionId !== sessionId) this.#leave(holder, SWITCHED)
    const { index, hosts } = this.#parts.options.shard
    if (hostOf(sessionId, hosts) !== index || this.#elsewhere.sessions.has(sessionId)) return
    this.#confirm(record)
    this.#claim(record)
    this.#repair.consider(sessionId)
    const actor = this.#parts.actors.peek(sessionId)
    if (actor?.state.observed) this.#parts.transcripts.poke(actor, record.configDir)
  }

  /** A start that was in doubt was right. */
  #confirm(record: RegistryRecord): void {
    const { actors, clock, outlet } = this.#parts
    const start = this.#doubts.confirmedBy(record)
    const actor = start && actors.find(record.sessionId, clock())
    if (!actor) return
    this.#tell(actor, ...start.events)
    outlet.finish()
  }

  /** A record names the process of the session. */
  #claim(record: RegistryRecord): void {
    const { actors, clock } = this.#parts
    const { pid, sessionId } = record
    const isShown = this.#isShown(sessionId)
    if (!isHere(record)) {
      if (isShown) this.#repair.left(sessionId, pid, GONE)
      return
    }
    if (!isShown) this.#unhooked.suspect(record)
    const known = this.#holders.get(pid)
    if (known?.sessionId === sessionId && known.stored) return
    this.#attach(pid, sessionId, true, isShown ? actors.find(sessionId, clock()) : actors.peek(sessionId))
    this.#parts.outlet.finish()
  }

  /** A session that no hooks tell of is shown. */
  #found(actor: Actor, pid: number): void {
    this.#attach(pid, actor.id, true, actor)
    this.#repair.consider(actor.id)
  }

  /** The process holds the session from now on; the store hears of it once that is certain and the session known. */
  #attach(pid: number, sessionId: string, proven: boolean, actor: Actor | undefined): void {
    const known = this.#holders.get(pid)
    const start = known?.start ?? localProcesses.start(pid)
    const since = known?.since ?? this.#parts.clock()
    const stored = proven && actor !== undefined
    this.#holders.put({ pid, start, sessionId, proven, stored, since })
    if (stored) this.#store(actor, { put: { pid, start, hostId: this.#elsewhere.hostId } })
  }

  #leave({ pid, sessionId }: Holder, reason: string): void {
    this.#holders.remove(pid)
    this.#repair.left(sessionId, pid, reason)
  }

  /** Whether clients see the session as one that goes on. */
  #isShown(sessionId: string): boolean {
    const { actors } = this.#parts
    const state = actors.peek(sessionId)?.state
    if (state) return state.listed && state.phase.name !== 'ended'
    return glanceAt(actors.reader, sessionId)?.status === 'active'
  }

  #observe(sessionId: string): Observation | null {
    const records = this.#holders.of(sessionId).flatMap(({ pid }) => this.#registry.recordOf(pid) ?? [])
    const own = records.filter((record) => record.sessionId === sessionId)
    return together(own.flatMap((record) => observationOf(record) ?? [])) ?? this.#unhooked.observe(sessionId)
  }

  #tick(): void {
    const now = this.#parts.clock()
    if (!this.#restored && !this.#restore()) return
    for (const { pid, sessionId } of this.#holders.all) {
      this.#lookAt(pid)
      if (this.#registry.recordOf(pid)?.status === null) this.#repair.consider(sessionId)
    }
    this.#doubts.sweep(now)
    this.#unhooked.look()
    const gap = this.#holders.size === 0 ? REGISTRY_QUIET_SCAN_MS : REGISTRY_SCAN_MS
    if (this.#registry.isWatching && now - this.#scannedAt < gap) return
    this.#scannedAt = now
    void this.#registry.scan()
  }

  /** Does the process still live, and is it the agent? */
  #lookAt(pid: number): void {
    const { actors, clock, outlet } = this.#parts
    const holder = this.#holders.get(pid)
    if (!holder) return
    if (!localProcesses.isRunning(pid, holder.start)) {
      this.#speaking.delete(pid)
      this.#lineage.forget(pid)
      if (holder.proven) this.#leave(holder, GONE)
      else this.#holders.remove(pid)
      return
    }
    if (holder.proven || clock() - holder.since < PROCESS_PROVEN_MS) return
    this.#attach(pid, holder.sessionId, true, actors.find(holder.sessionId, clock()))
    outlet.finish()
  }

  /** What was known before the last stop; false while the store has no database yet. */
  #restore(): boolean {
    const { actors, clock, options } = this.#parts
    const { index, hosts } = options.shard
    if (!existsSync(options.databasePath)) return false
    for (const { sessionId, pid, start, hostId } of readProcesses(actors.reader)) {
      if (hostOf(sessionId, hosts) !== index) continue
      if (start === null || !this.#elsewhere.isHere(hostId)) this.#elsewhere.sessions.add(sessionId)
      else if (localProcesses.start(pid) !== start) this.#repair.left(sessionId, pid, GONE)
      else {
        this.#holders.put({ pid, start, sessionId, proven: true, stored: true, since: clock() })
        if (glanceAt(actors.reader, sessionId)?.observed !== 'transcript') this.#speaking.add(pid)
      }
    }
    this.#restored = true
    return true
  }

  /** The hour at which a hook was sent: now, unless it waited in the spool. */
  #timeOf({ sentAt }: HookOrigin): number {
    const now = this.#parts.clock()
    return sentAt !== null && now - sentAt > LATE_HOOK_MS ? sentAt : now
  }

  #tell(actor: Actor, ...events: readonly SessionEvent[]): void {
    const { outlet, clock } = this.#parts
    for (const event of events) actor.apply({ from: 'agent', event }, clock(), 0, outlet)
    outlet.touch(actor)
  }

  #store(actor: Actor, row: { put: { pid: number; start: string | null; hostId: string } } | { remove: number }): void {
    actor.store({ table: 'processes', ...row })
    this.#parts.outlet.touch(actor)
  }

  /** Nobody waits for this work: what goes wrong with it must not end the thread. */
  #safely(work: () => void): void {
    try {
      work()
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'
      this.#parts.outlet.log('warn', 'liveness.failed', { reason })
    }
  }
}

/** Whether the process that a record is about lives here; another one may have its number. */
function isHere({ pid, processStart, pidDomain }: RegistryRecord): boolean {
  return localProcesses.isOwnDomain(pidDomain) && localProcesses.isRunning(pid, processStart)
}
