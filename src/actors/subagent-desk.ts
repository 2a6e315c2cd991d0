/** Reads what subagents did, from their own transcripts. */
import type { SubagentTool } from '../protocol/model/subagent.ts'
import type { Subagent } from '../session/state.ts'
import { allowedPath } from '../transcripts/allowed-path.ts'
import { readSubagentTools } from '../transcripts/subagent-tools.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

interface SubagentDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly clock: () => number
}

export class SubagentDesk {
  readonly #parts: SubagentDeskParts

  constructor(parts: SubagentDeskParts) {
    this.#parts = parts
  }

  /** Answers with the tool calls of the subagent that the letter names; with none where nothing is known of it. */
  async tools({ sessionId, number, text: subagentId }: ToHost): Promise<void> {
    const { outlet } = this.#parts
    const tools = await this.#read(sessionId, subagentId)
    outlet.reply(sessionId, number, {
      type: 'subagent_tools_list',
      session_id: sessionId,
      subagent_id: subagentId,
      tools,
    })
    outlet.letter('done', sessionId, number)
    outlet.finish()
  }

  async #read(sessionId: string, subagentId: string): Promise<readonly SubagentTool[]> {
    const { actors, outlet, transcripts, clock } = this.#parts
    try {
      const actor = actors.find(sessionId, clock())
      const subagent = actor?.state.subagents.find(({ id }) => id === subagentId)
      const named = actor && subagent ? transcriptOf(actor, subagent) : null
      const path = actor && named !== null ? await allowedPath(named, transcripts.rootsOf(actor)) : null
      return path === null ? [] : await readSubagentTools(path)
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown'
      outlet.log('warn', 'subagent.read.failed', { session_id: sessionId, reason })
      return []
    }
  }
}

/** Where Claude writes it, as long as no hook has told. */
function transcriptOf({ state }: Actor, { id, transcriptPath }: Subagent): string | null {
  const own = state.transcriptPath?.replace(/\.jsonl$/, `/subagents/agent-${id}.jsonl`)
  return transcriptPath ?? own ?? null
}
