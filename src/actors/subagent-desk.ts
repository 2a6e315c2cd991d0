/** Answers what subagents did, and finds out what hooks do not tell of them. */
import type { ServerMessage } from '../protocol/server/index.ts'
import type { ShownSubagent } from '../session/effects.ts'
import type { Subagent } from '../session/state.ts'
import { wireMessage } from '../session/view.ts'
import { allowedPath } from '../transcripts/allowed-path.ts'
import { readSubagentNote, subagentTranscript } from '../transcripts/subagent-files.ts'
import { readSubagentMessages } from '../transcripts/subagent-messages.ts'
import { readSubagentTools } from '../transcripts/subagent-tools.ts'
import { isTranscript } from '../transcripts/transcript-file.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import { fitFrame } from './fit-frame.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'
import { SubagentArchive } from './subagent-archive.ts'
import { SubagentWatch } from './subagent-watch.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

export interface SubagentDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly clock: () => number
}

type FrameType = ShownSubagent['frameType']

/** What is asked; `actor` is undefined where nobody knows the session. */
interface Question {
  readonly sessionId: string
  readonly subagentId: string
  readonly actor: Actor | undefined
}

/** Make the answers from the transcript of a subagent; `path` is null where there is none that may be read. */
const READINGS: Readonly<Record<FrameType, (path: string | null, about: Question) => Promise<ServerMessage>>> = {
  async subagent_tools_list(path, { sessionId: session_id, subagentId: subagent_id, actor }) {
    const calls = actor ? [...actor.state.previousTools, ...actor.state.tools] : []
    const reported = calls.filter(({ agentId }) => agentId === subagent_id)
    return { type: 'subagent_tools_list', session_id, subagent_id, tools: await readSubagentTools(path, reported) }
  },
  async subagent_messages(path, { sessionId: session_id, subagentId: subagent_id }) {
    const { messages, hasMoreBefore: has_more_before } = await readSubagentMessages(path, session_id)
    const rows = messages.map((message) => wireMessage(session_id, message))
    return { type: 'subagent_messages', session_id, subagent_id, messages: rows, has_more_before }
  },
}

/** Looks at the note of one subagent: it may be written a little later. */
const NOTE_LOOKS_MAX = 5

export class SubagentDesk {
  readonly #parts: SubagentDeskParts
  readonly #watch: SubagentWatch
  readonly #archive: SubagentArchive
  /** Looks at the notes of subagents that run, by their id. */
  readonly #looks = new Map<string, { count: number; isUnderWay: boolean }>()

  constructor(parts: SubagentDeskParts) {
    this.#parts = parts
    this.#watch = new SubagentWatch(parts)
    this.#archive = new SubagentArchive({ ...parts, read: (actor, subagentId) => this.#keep(actor, subagentId) })
  }

  /** Something happened in the session. */
  noticed(actor: Actor): void {
    const { listed, provider, transcriptPath, subagents } = actor.state
    if (!listed || provider !== 'claude' || transcriptPath === null) return
    this.#watch.noticed(actor)
    this.#archive.noticed(actor)
    for (const subagent of subagents) {
      if (subagent.endedAt !== null) this.#looks.delete(subagent.id)
      else if (subagent.toolUseId === null || subagent.description === null) void this.#lookAtNote(actor, subagent)
    }
  }

  /** Answers with the tool calls of the subagent that the letter names; with none where nothing is known of it. */
  tools(letter: ToHost): Promise<void> {
    return this.#answer(letter, 'subagent_tools_list')
  }

  /** Answers with the conversation of the subagent that the letter names; with an empty one where nothing is known of it. */
  messages(letter: ToHost): Promise<void> {
    return this.#answer(letter, 'subagent_messages')
  }

  close(): void {
    this.#watch.close()
    this.#archive.close()
    this.#looks.clear()
  }

  async #answer({ sessionId, number, text: subagentId }: ToHost, frameType: FrameType): Promise<void> {
    const { outlet } = this.#parts
    outlet.reply(sessionId, number, await this.#frame(sessionId, subagentId, frameType))
    outlet.letter('done', sessionId, number)
    outlet.finish()
  }

  /** From the transcript; where that has gone, as it was shown before. */
  async #frame(sessionId: string, subagentId: string, frameType: FrameType): Promise<string> {
    const { actors, clock } = this.#parts
    try {
      const actor = actors.find(sessionId, clock())
      const shown = actor && (await this.#fromFile(actor, subagentId, frameType))
      const kept = shown ?? this.#archive.get(sessionId, subagentId, frameType)
      return kept ?? fitFrame(await READINGS[frameType](null, { sessionId, subagentId, actor }))
    } catch (error) {
      this.#complain(sessionId, error)
      return fitFrame(await READINGS[frameType](null, { sessionId, subagentId, actor: undefined }))
    }
  }

  /** Also keeps what it says; null where there is no transcript that can be read. */
  async #fromFile(actor: Actor, subagentId: string, frameType: FrameType): Promise<string | null> {
    try {
      const path = await this.#pathOf(actor, subagentId)
      if (path === null || !isTranscript(path)) return null
      const frame = fitFrame(await READINGS[frameType](path, { sessionId: actor.id, subagentId, actor }))
      this.#archive.put(actor, subagentId, { frameType, frame })
      return frame
    } catch (error) {
      this.#complain(actor.id, error)
      return null
    }
  }

  async #keep(actor: Actor, subagentId: string): Promise<void> {
    await this.#fromFile(actor, subagentId, 'subagent_tools_list')
    await this.#fromFile(actor, subagentId, 'subagent_messages')
    this.#parts.outlet.finish()
  }

  /** Where its transcript is, as far as it may be read: hooks tell at its end, and may name any file. */
  async #pathOf(actor: Actor, subagentId: string): Promise<string | null> {
    const { subagents, transcriptPath } = actor.state
    const told = subagents.find(({ id }) => id === subagentId)?.transcriptPath ?? null
    const path = told ?? (transcriptPath === null ? null : subagentTranscript(transcriptPath, subagentId))
    return path === null ? null : allowedPath(path, this.#parts.transcripts.rootsOf(actor))
  }

  /** Claude notes beside the transcript of a subagent which call started it; its hooks do not say. */
  async #lookAtNote(actor: Actor, { id, startedAt }: Subagent): Promise<void> {
    const { actors, outlet, clock } = this.#parts
    const look = this.#looks.get(id) ?? { count: 0, isUnderWay: false }
    if (look.isUnderWay || look.count >= NOTE_LOOKS_MAX) return
    this.#looks.set(id, { count: look.count + 1, isUnderWay: true })
    try {
      const path = await this.#pathOf(actor, id)
      const note = path === null ? null : await readSubagentNote(path)
      this.#looks.set(id, { count: look.count + 1, isUnderWay: false })
      if (note === null || !actors.has(actor)) return
      const event = { type: 'subagent_started', agentId: id, at: startedAt, ...note } as const
      actor.apply({ from: 'agent', event }, clock(), 0, outlet)
      outlet.touch(actor)
      outlet.finish()
    } catch (error) {
      this.#complain(actor.id, error)
    }
  }

  #complain(sessionId: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown'
    this.#parts.outlet.log('warn', 'subagent.read.failed', { session_id: sessionId, reason })
  }
}
