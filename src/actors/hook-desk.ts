/** Takes hook posts: each event once, in order of arrival, and holds those whose sender waits for an answer. */
import { hookAnswer } from '../hooks/answer.ts'
import { eventsBeside } from '../hooks/driven.ts'
import type { Hook } from '../hooks/hook.ts'
import { parseHook } from '../hooks/parse-hook.ts'
import { hookEvents, isKnownHookEvent } from '../hooks/translate.ts'
import { BoundedSet } from '../lib/bounded-set.ts'
import { countAt, textAt } from '../lib/json.ts'
import { EVENT_FRESH_MS, LATE_HOOK_MS, UNKNOWN_KINDS_MAX } from '../lib/limits.ts'
import { isDrivenConversation } from '../store/driven-conversations.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { AgentDesk } from './agent-desk.ts'
import { driverOf, isOfSomebodyElse } from './driven-hooks.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'
import type { LivenessDesk } from './liveness-desk.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

interface HookDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly liveness: LivenessDesk
  readonly agents: AgentDesk
  readonly clock: () => number
}

export class HookDesk {
  readonly #parts: HookDeskParts
  readonly #unknownEvents = new BoundedSet(UNKNOWN_KINDS_MAX)

  constructor(parts: HookDeskParts) {
    this.#parts = parts
  }

  post(letter: ToHost): void {
    const { actors, outlet, clock } = this.#parts
    const parsed = parseHook(letter.text)
    if (!parsed.ok) return outlet.letter('refuse', letter.sessionId, letter.number, `${parsed.status} ${parsed.reason}`)
    const { hook, eventId } = parsed
    // The main thread guesses the id without parsing; the right host must get it.
    const isKnown = (...ids: [string, string]) => isDrivenConversation(actors.reader, ...ids)
    const sessionId = driverOf(hook, isKnown) ?? hook.sessionId
    if (sessionId !== letter.sessionId) return outlet.letter('reroute', sessionId, letter.number)
    const actor = actors.findOrCreate(sessionId, clock())
    const { agents } = this.#parts
    if (isOfSomebodyElse(sessionId, hook) && agents.isFree(actor)) agents.handOver(actor)
    if (agents.isBehind(actor, hook)) this.#applyBeside(actor, hook)
    else {
      this.#apply(actor, hook, eventId, letter)
      this.#parts.transcripts.poke(actor, textAt(hook.body, 'claude_config_dir'))
    }
    outlet.touch(actor)
    this.#settle(letter, actor, eventId)
  }

  /** The agent is ours: whoever waits for an answer there need not, since it asks here as well. */
  #applyBeside(actor: Actor, hook: Hook): void {
    const { outlet, clock } = this.#parts
    const events = hookEvents(hook, { eventId: null, waiting: false, repeated: false })
    for (const event of eventsBeside(events)) actor.apply({ from: 'agent', event }, clock(), 0, outlet)
  }

  #apply(actor: Actor, hook: Hook, eventId: string | null, letter: ToHost): void {
    const { outlet, transcripts, liveness, clock } = this.#parts
    const now = clock()
    const waiting = letter.op === 'ask'
    const repeated = eventId !== null && this.#isKnown(actor, eventId, hook, now)
    if (!repeated || waiting) {
      const named = textAt(hook.body, 'transcript_path')
      const untold = transcripts.isMissing(actor, named, isLate(hook, now))
      const transcribed = !untold && transcripts.tells(actor, named)
      const events = hookEvents(hook, { eventId, waiting, repeated, transcribed, untold })
      for (const event of repeated ? events : liveness.weigh(hook, events))
        actor.apply({ from: 'agent', event }, now, 0, outlet)
    }
    if (eventId !== null && !repeated) {
      actor.eventIds.add(eventId)
      actor.store({ table: 'events', seen: eventId, at: now })
    }
    if (!repeated) liveness.heard(actor, hook)
    if (!isKnownHookEvent(hook.event)) this.#report(hook.event)
  }

  /** An event that comes long after it was sent may be older than those that the actor remembers. */
  #isKnown(actor: Actor, eventId: string, { body }: Hook, now: number): boolean {
    if (actor.eventIds.has(eventId)) return true
    const sentAt = countAt(body, 'sent_at')
    const isOld = sentAt !== null && now - sentAt * 1_000 > EVENT_FRESH_MS
    return isOld && this.#parts.actors.hasEvent(actor, eventId)
  }

  /** Once each: an event that is unknown today may matter tomorrow. */
  #report(event: string): void {
    if (this.#unknownEvents.has(event)) return
    this.#unknownEvents.add(event)
    this.#parts.outlet.log('info', 'hook.event.unknown', { hook: event })
  }

  /** The post that waited for an answer has gone: the prompt was answered in the terminal, or withdrawn. */
  lost({ sessionId, text: eventId }: ToHost): void {
    const { actors, outlet, clock } = this.#parts
    const actor = actors.find(sessionId, clock())
    if (!actor) return
    const event = { type: 'approval_withdrawn', requestId: null, eventId } as const
    actor.apply({ from: 'agent', event }, clock(), 0, outlet)
    outlet.touch(actor)
  }

  #settle(letter: ToHost, actor: Actor, eventId: string | null): void {
    const { outlet } = this.#parts
    if (letter.op === 'ask' && eventId !== null) {
      if (actor.state.approvals.some((approval) => approval.eventId === eventId))
        return outlet.letter('hold', actor.id, letter.number, eventId)
      const answered = actor.state.answered.find((known) => known.eventId === eventId)
      if (answered) {
        outlet.letter('hold', actor.id, letter.number, eventId)
        outlet.answer(actor, eventId, hookAnswer(answered.approval, answered.decision))
        return
      }
    }
    outlet.letter('done', actor.id, letter.number)
  }
}

/** Whether the hook waited in the spool: its agent went on without an answer. */
function isLate({ body }: Hook, now: number): boolean {
  const sentAt = countAt(body, 'sent_at')
  return sentAt !== null && now - sentAt * 1_000 > LATE_HOOK_MS
}
