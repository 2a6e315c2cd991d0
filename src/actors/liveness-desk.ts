/** Knows which processes hold the sessions of one host, so that a row says what is so even where hooks kept silent. */
import { ENTRYPOINT, isDirectClaude } from '../connectors/claude/launch.ts'
import { describeSession } from '../hooks/describe.ts'
import { agentIdOf, type Hook } from '../hooks/hook.ts'
import { textAt } from '../lib/json.ts'
import {
  LATE_HOOK_MS,
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
import { type SessionProcess, SessionProcesses } from './session-processes.ts'
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
  readonly #processes: SessionProcesses
  readonly #registry = new Registry({
    changed: (record, before) => this.#safely(() => this.#changed(record, before)),
    gone: ({ pid }) => this.#safely(() => this.#gone(pid)),
  })
  readonly #lineage = new Lineage()
  readonly #doubts = new DoubtfulStarts()
  readonly #elsewhere: Elsewhere
  readonly #repair: StatusRepair
  readonly #unhooked: UnhookedSessions
  /** Processes that hooks came from. */
  readonly #speaking = new Set<number>()
  #timer: ReturnType<typeof setInterval> | undefined
  #scannedAt = 0

  constructor(parts: LivenessDeskParts) {
    this.#parts = parts
    this.#elsewhere = new Elsewhere(parts.options.hostIdPath)
    const processes = new SessionProcesses({ ...parts, hostId: () => this.#elsewhere.hostId })
    this.#processes = processes
    this.#repair = new StatusRepair({
      ...parts,
      observe: (sessionId) => this.#observe(sessionId),
      isHeld: (sessionId) => processes.isHeld(sessionId),
      safely: (work) => this.#safely(work),
    })
    this.#unhooked = new UnhookedSessions({
      ...parts,
      processes,
      isHooked: (pid) => this.#speaking.has(pid),
      found: (actor, pid) => this.#found(actor, pid),
    })
    this.#registry.follow(parts.options.claudeConfigDir)
  }

  /** Begins to look by itself. The database is open, and what hooks told meanwhile is applied. */
  watch(): void {
    this.#safely(() => this.#restore())
    this.#safely(() => this.#tick())
    this.#timer ??= setInterval(() => this.#safely(() => this.#tick()), LIVENESS_TICK_MS)
  }

  /** What of a hook counts: not the end of a session that another process goes on with, nor a start that is in doubt. */
  weigh(hook: Hook, events: readonly SessionEvent[]): readonly SessionEvent[] {
    const origin = originOf(hook)
    if (!origin || !this.#elsewhere.isHere(origin.hostId)) return events
    if (hook.event === 'SessionEnd') {
      return this.#processes.isHeldBesides(hook.sessionId, origin.pid) ? [] : events
    }
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
    if (hook.event === 'SessionStart' && this.#doubts.has(origin.pid, actor.id)) return
    this.#hold(actor, hook, origin)
    if (agentIdOf(hook) === null && hook.event !== 'Notification') this.#repair.heard(actor.id, this.#timeOf(origin))
  }

  /** Whether the session runs in another process table than this host's. */
  isElsewhere(sessionId: string): boolean {
    return this.#elsewhere.sessions.has(sessionId)
  }

  /** The living process of this machine that holds the session; null when none is known. */
  holderOf(sessionId: string): number | null {
    const holders = this.#processes.of(sessionId).filter(({ pid, start }) => localProcesses.isRunning(pid, start))
    return holders[0]?.pid ?? null
  }

  close(): void {
    clearInterval(this.#timer)
    this.#registry.close()
    this.#repair.close()
  }

  /** A process that a hook named holds the session. */
  #hold(actor: Actor, hook: Hook, origin: HookOrigin): void {
    const { pid } = origin
    const known = this.#processes.get(pid)
    if (known?.sessionId === actor.id && known.stored && this.#speaking.has(pid)) return
    if (localProcesses.start(pid) === null) return this.#isInvisible(actor, origin)
    const record = this.#registry.recordOf(pid) ?? this.#recordNow(origin)
    if (record && !isHere(record)) return this.#isElsewhere(actor, pid, '')
    // A prompt may wait for long in a shell around its hook.
    if (hook.event === 'PermissionRequest' && record === null) return
    this.#speaking.add(pid)
    if (known && known.sessionId !== actor.id) this.#leave(known, SWITCHED)
    this.#elsewhere.sessions.delete(actor.id)
    this.#processes.attach(pid, actor.id, record !== null || known?.proven === true, actor)
    const forkedFrom = this.#lineage.parentOf(hook, pid, record, actor.state, this.#parts.clock())
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
    if (this.#elsewhere.sessions.has(actor.id) || this.#processes.isHeld(actor.id)) return
    this.#elsewhere.sessions.add(actor.id)
    this.#processes.noteElsewhere(actor, pid, hostId)
  }

  /** The session ended as it should. */
  #released(actor: Actor, pid: number): void {
    this.#processes.release(actor, pid)
    if (this.#processes.isHeld(actor.id)) this.#repair.consider(actor.id)
    else this.#repair.forget(actor.id)
  }

  #changed(record: RegistryRecord, before: RegistryRecord | undefined): void {
    const { pid, sessionId } = record
    if (!localProcesses.isOwnDomain(record.pidDomain) || isDriven(record)) return
    if (before && before.processStart !== record.processStart) this.#speaking.delete(pid)
    if (before && before.sessionId !== sessionId) this.#lineage.moved(pid, before.sessionId)
    const known = this.#processes.get(pid)
    if (known && known.sessionId !== sessionId) this.#leave(known, SWITCHED)
    const { index, hosts } = this.#parts.options.shard
    if (hostOf(sessionId, hosts) !== index || this.#elsewhere.sessions.has(sessionId)) return
    this.#confirm(record)
    this.#claim(record)
    this.#repair.consider(sessionId)
    this.#readTranscript(record, before)
  }

  /** No hook tells what a session without hooks says, nor the name that a person gives to one at rest. */
  #readTranscript({ sessionId, name, configDir }: RegistryRecord, before: RegistryRecord | undefined): void {
    const { actors, transcripts, clock } = this.#parts
    const isRenamed = before?.sessionId === sessionId && before.name !== name
    const actor = isRenamed ? actors.find(sessionId, clock()) : actors.peek(sessionId)
    if (actor && (isRenamed || actor.state.observed)) transcripts.poke(actor, configDir)
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
    const known = this.#processes.get(pid)
    if (known?.sessionId === sessionId && known.stored) return
    this.#processes.attach(pid, sessionId, true, isShown ? actors.find(sessionId, clock()) : actors.peek(sessionId))
    this.#parts.outlet.finish()
  }

  /** A session that no hooks tell of is shown. */
  #found(actor: Actor, pid: number): void {
    this.#processes.attach(pid, actor.id, true, actor)
    this.#repair.consider(actor.id)
  }

  #leave({ pid, sessionId }: SessionProcess, reason: string): void {
    this.#processes.detach(pid)
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
    const records = this.#processes.of(sessionId).flatMap(({ pid }) => this.#registry.recordOf(pid) ?? [])
    const own = records.filter((record) => record.sessionId === sessionId)
    return together(own.flatMap((record) => observationOf(record) ?? [])) ?? this.#unhooked.observe(sessionId)
  }

  #tick(): void {
    const now = this.#parts.clock()
    for (const { pid, sessionId } of this.#processes.all) {
      this.#lookAt(pid)
      if (this.#registry.recordOf(pid)?.status === null) this.#repair.consider(sessionId)
    }
    this.#doubts.sweep(now)
    this.#linkCopies(now)
    this.#unhooked.look()
    const gap = this.#processes.all.length === 0 ? REGISTRY_QUIET_SCAN_MS : REGISTRY_SCAN_MS
    if (this.#registry.isWatching && now - this.#scannedAt < gap) return
    this.#scannedAt = now
    void this.#registry.scan()
  }

  #linkCopies(now: number): void {
    const { actors, outlet } = this.#parts
    for (const [sessionId, forkedFrom] of this.#lineage.recognised(actors.reader, now)) {
      const actor = actors.find(sessionId, now)
      if (actor?.state.forkedFrom === null) this.#tell(actor, { type: 'session_described', quiet: true, forkedFrom })
    }
    outlet.finish()
  }

  /** A Claude took back its record: it leaves. */
  #gone(pid: number): void {
    this.#lookAt(pid)
    this.#lineage.forget(pid)
    if (!this.#processes.get(pid)) this.#speaking.delete(pid)
  }

  /** Does the process still live, and is it the agent? */
  #lookAt(pid: number): void {
    const { actors, clock, outlet } = this.#parts
    const known = this.#processes.get(pid)
    if (!known) return
    if (!localProcesses.isRunning(pid, known.start)) {
      this.#speaking.delete(pid)
      if (known.proven) this.#leave(known, GONE)
      else this.#processes.detach(pid)
      return
    }
    if (known.proven || clock() - known.since < PROCESS_PROVEN_MS) return
    this.#processes.attach(pid, known.sessionId, true, actors.find(known.sessionId, clock()))
    outlet.finish()
  }

  /** What was known before the last stop. */
  #restore(): void {
    const { actors, options } = this.#parts
    const { index, hosts } = options.shard
    for (const { sessionId, pid, start, hostId } of readProcesses(actors.reader)) {
      if (hostOf(sessionId, hosts) !== index) continue
      if (start === null || !this.#elsewhere.isHere(hostId)) this.#elsewhere.sessions.add(sessionId)
      else if (localProcesses.start(pid) !== start) this.#repair.left(sessionId, pid, GONE)
      else {
        this.#processes.restore(pid, sessionId, start)
        if (glanceAt(actors.reader, sessionId)?.observed !== 'transcript') this.#speaking.add(pid)
      }
    }
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

/** Whether the server runs this agent: its own lines tell more. One that it has started itself inherits the name only. */
function isDriven({ entrypoint, pid }: RegistryRecord): boolean {
  return entrypoint === ENTRYPOINT && isDirectClaude(localProcesses.arguments(pid))
}

/** Whether the process that a record is about lives here; another one may have its number. */
function isHere({ pid, processStart, pidDomain }: RegistryRecord): boolean {
  return localProcesses.isOwnDomain(pidDomain) && localProcesses.isRunning(pid, processStart)
}
