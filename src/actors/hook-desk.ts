/** Takes hook posts: each event once, in order of arrival, and holds those whose sender waits for an answer. */
import { hookAnswer } from '../hooks/answer.ts'
import { parseHook } from '../hooks/parse-hook.ts'
import { hookEvents } from '../hooks/translate.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { EnvironmentDesk } from './environment-desk.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

interface HookDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly environment: EnvironmentDesk
  readonly clock: () => number
}

export class HookDesk {
  readonly #parts: HookDeskParts

  constructor(parts: HookDeskParts) {
    this.#parts = parts
  }

  post(letter: ToHost): void {
    const { actors, outlet, clock } = this.#parts
    const parsed = parseHook(letter.text)
    if (!parsed.ok) return outlet.letter('refuse', letter.sessionId, letter.number, `${parsed.status} ${parsed.reason}`)
    const { sessionId } = parsed.hook
    // The main thread guesses the id without parsing; the right host must get it.
    if (sessionId !== letter.sessionId) return outlet.letter('reroute', sessionId, letter.number)
    const now = clock()
    const actor = actors.findOrCreate(sessionId, now)
    const { eventId } = parsed
    const waiting = letter.op === 'ask'
    const repeated = eventId !== null && actor.eventIds.has(eventId)
    if (!repeated || waiting) {
      for (const event of hookEvents(parsed.hook, { eventId, waiting, repeated }))
        actor.apply({ from: 'agent', event }, now, 0, outlet)
    }
    if (eventId !== null && !repeated) {
      actor.eventIds.add(eventId)
      actor.store({ table: 'events', seen: eventId, at: now })
    }
    outlet.touch(actor)
    this.#parts.transcripts.poke(actor)
    this.#parts.environment.poke(actor)
    this.#settle(letter, actor, eventId)
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
