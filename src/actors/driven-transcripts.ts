/** Transcripts of sessions that the server drives: they are not read, but for what was written while nobody listened. */
import { findTranscript } from '../hooks/transcript-path.ts'
import { SNAPSHOT_MESSAGES_MAX } from '../lib/limits.ts'
import type { SessionEvent } from '../session/events.ts'
import { readMessages, type StoredMessage } from '../store/messages.ts'
import { readResumePoint } from '../store/resume-points.ts'
import { allowedPath } from '../transcripts/allowed-path.ts'
import { toldSince } from '../transcripts/told-since.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOptions } from './host.ts'
import { beforeRow, missedEvents } from './missed-rows.ts'

interface DrivenTranscriptsParts {
  readonly actors: ActorStore
  readonly options: Pick<HostOptions, 'claudeConfigDir' | 'transcriptRoots'>
}

export class DrivenTranscripts {
  readonly #parts: DrivenTranscriptsParts

  constructor(parts: DrivenTranscriptsParts) {
    this.#parts = parts
  }

  /** The rows of the session as they are stored now, oldest first. */
  rowsOf({ id }: Actor): readonly StoredMessage[] {
    return readMessages(this.#parts.actors.reader, id, { limit: SNAPSHOT_MESSAGES_MAX })
  }

  /**
   * Notes that everything in the transcript is known, so that whoever reads it later begins behind it. `stored`: its rows at
   * the time when nobody listened any more, though the agent went on; the events that bring what it wrote are returned.
   */
  async settle(actor: Actor, stored: readonly StoredMessage[] = []): Promise<readonly SessionEvent[]> {
    const path = await this.#pathOf(actor)
    if (path === null) return []
    const at = stored.findLastIndex(({ type }) => type === 'user' || type === 'steer')
    const uuid = stored[at]?.id.slice(actor.id.length + 1) ?? null
    const told = await toldSince(path, { sessionId: actor.id, uuid, model: actor.state.model })
    if (told === null) return []
    actor.store({ table: 'transcripts', put: { path, ...told.cursor } })
    // Turns that were taken back are in the file for good.
    const point = readResumePoint(this.#parts.actors.reader, actor.id)
    const events = point?.kind === 'before' ? beforeRow(told.events, `${actor.id}:${point.entry}`) : told.events
    return [
      { type: 'session_described', quiet: true, transcriptPath: path },
      ...missedEvents(events, stored.slice(at + 1)),
    ]
  }

  async #pathOf({ id, state }: Actor): Promise<string | null> {
    const { claudeConfigDir: configDirectory, transcriptRoots } = this.#parts.options
    const conversation = state.claudeSdkSessionId ?? id
    const found = findTranscript(conversation, state.projectPath, { configDirectory, home: '' })
    const path = found ?? state.transcriptPath
    return path === null ? null : allowedPath(path, transcriptRoots)
  }
}
