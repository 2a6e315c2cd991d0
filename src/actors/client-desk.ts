/** Takes what clients say about one session, and lets them follow it. */
import { SNAPSHOT_MESSAGES_MAX, SNAPSHOT_TRIES_MAX, TRANSCRIPT_PATIENCE_MS } from '../lib/limits.ts'
import type { SessionMessage } from '../protocol/client/index.ts'
import { errorFrame } from '../protocol/errors.ts'
import { snapshotOf, startupFrames, wireMessage } from '../session/view.ts'
import { readMessages, type StoredMessage } from '../store/messages.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

/** Clients of the original expect silence about an unknown session but here, where what was typed would be lost. */
const ANSWERED_WHEN_UNKNOWN: ReadonlySet<SessionMessage['type']> = new Set([
  'send_message',
  'steer_turn',
  'create_review_comment',
  'execute_shell',
])

interface ClientDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly clock: () => number
}

export class ClientDesk {
  readonly #parts: ClientDeskParts

  constructor(parts: ClientDeskParts) {
    this.#parts = parts
  }

  /** Applies a message that the main thread has already checked against its schema. */
  say({ sessionId, number, text }: ToHost): void {
    const { actors, outlet, clock } = this.#parts
    const now = clock()
    const actor = actors.find(sessionId, now)
    const message: SessionMessage = JSON.parse(text)
    if (actor?.state.listed) {
      actor.apply({ from: 'client', message }, now, number, outlet)
      outlet.touch(actor)
    } else if (ANSWERED_WHEN_UNKNOWN.has(message.type) || message.command_id !== undefined)
      outlet.reply(sessionId, number, errorFrame('not_found', sessionId))
    outlet.letter('done', sessionId, number)
  }

  /** Answers with the frames that were missed, where they are still known, else with a snapshot. */
  follow({ sessionId, number, text }: ToHost): void {
    const { actors, outlet, transcripts, clock } = this.#parts
    const actor = actors.find(sessionId, clock())
    if (!actor?.state.listed) {
      outlet.reply(sessionId, number, errorFrame('not_found', sessionId))
      return outlet.letter('done', sessionId, number)
    }
    actor.usedAt = clock()
    const missed = text === '' ? undefined : actor.ring.after(Number(text))
    if (!missed)
      return void transcripts.caughtUp(actor, TRANSCRIPT_PATIENCE_MS).then(() => {
        outlet.letter('begin', sessionId, number)
        this.snapshot(actor, number)
      })
    outlet.letter('caught', sessionId, number)
    for (const { revision, frame } of missed)
      outlet.reply(actor, number, `${frame.slice(0, -1)},"revision":${revision}}`)
    outlet.letter('done', sessionId, number)
  }

  /**
   * The rows before the place `sequence` are there now. Followers who were shown less than a snapshot holds get another one,
   * at a moment when nothing that they have been told is still on its way to the database.
   */
  completed(actor: Actor, sequence: number, tries = SNAPSHOT_TRIES_MAX): void {
    const { outlet } = this.#parts
    const { revision } = actor
    outlet.whenStored(() => {
      if (actor.revision !== revision) return tries > 0 ? this.completed(actor, sequence, tries - 1) : undefined
      const messages = this.#messages(actor)
      if ((messages[0]?.sequence ?? sequence) >= sequence) return
      outlet.letter('frame', actor.id, revision, this.#frame(actor, messages, revision))
      outlet.finish()
    })
  }

  /** Rows are gone: followers get a snapshot, and so does whoever comes back. Settles when they have it. */
  async renew(actor: Actor): Promise<void> {
    const { outlet } = this.#parts
    for (let tries = SNAPSHOT_TRIES_MAX; ; tries--) {
      const { revision } = actor
      await new Promise<void>((resolve) => outlet.whenStored(resolve))
      if (actor.revision !== revision && tries > 0) continue
      actor.ring.clear()
      return outlet.letter('frame', actor.id, actor.revision, this.#frame(actor, this.#messages(actor), actor.revision))
    }
  }

  /**
   * Sends the session as it is to a new follower, whose frames wait since `begin`, so that none is missed while the rows so
   * far are committed and read.
   */
  snapshot(actor: Actor, number: number): void {
    const { outlet } = this.#parts
    const { revision } = actor
    outlet.whenStored(() => {
      try {
        outlet.letter('snapshot', actor.id, number, this.#frame(actor, this.#messages(actor), revision))
        for (const frame of startupFrames(actor.state)) outlet.reply(actor, number, frame)
        outlet.letter('done', actor.id, number)
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown'
        outlet.log('error', 'session.snapshot.failed', { session_id: actor.id, reason })
        outlet.letter('refuse', actor.id, number, '500 The session could not be read from the database.')
      }
    })
  }

  #messages(actor: Actor): readonly StoredMessage[] {
    return readMessages(this.#parts.actors.reader, actor.id, { limit: SNAPSHOT_MESSAGES_MAX })
  }

  #frame(actor: Actor, messages: readonly StoredMessage[], revision: number): string {
    const rows = messages.map((message) => wireMessage(actor.id, message))
    return JSON.stringify({ type: 'session_snapshot', session: snapshotOf(actor.state, rows, revision) })
  }
}
