/** Follows the transcript of one subagent, where no hooks tell what it does. */

import { isJsonObject, type JsonObject, jsonText, objectAt, objectsAt, parseJson, textAt } from '../lib/json.ts'
import { keepNewest } from '../lib/keep-newest.ts'
import type { SessionEvent } from '../session/events.ts'
import { OPEN_CALLS_MAX, TRANSCRIPT_LINE_BYTES_MAX } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import { readSubagentNote, type SubagentNote } from './subagent-files.ts'
import { linesToEnd, openTranscript } from './transcript-file.ts'

export class SubagentReader {
  readonly #agentId: string
  readonly #path: string
  readonly #splitter = new LineSplitter(0, TRANSCRIPT_LINE_BYTES_MAX)
  /** Names of the calls without a result, oldest first. */
  readonly #open = new Map<string, string>()
  #note: SubagentNote | null = null
  #isKnown = false

  /** `path` as `allowedPath` returned it. */
  constructor(agentId: string, path: string) {
    this.#agentId = agentId
    this.#path = path
  }

  /** What it has done since the last time. One call at a time. Rejects when the file cannot be read. */
  async read(): Promise<readonly SessionEvent[]> {
    this.#note ??= await readSubagentNote(this.#path)
    const file = await openTranscript(this.#path)
    if (file === null) return []
    const events: SessionEvent[] = []
    try {
      for await (const { lines } of linesToEnd(file, this.#splitter))
        for (const { text } of lines) events.push(...this.#events(parseJson(text ?? '')))
    } finally {
      await file.close()
    }
    return events
  }

  #events(entry: unknown): readonly SessionEvent[] {
    if (!isJsonObject(entry) || (entry.type !== 'user' && entry.type !== 'assistant')) return []
    const blocks = objectsAt(objectAt(entry, 'message'), 'content')
    const calls = blocks.flatMap((block) => this.#callEvents(block))
    if (this.#isKnown && calls.length === 0) return []
    this.#isKnown = true
    const at = Date.parse(textAt(entry, 'timestamp') ?? '')
    const note = this.#note ?? { agentType: null }
    const runs = { type: 'subagent_started', agentId: this.#agentId, ...note } as const
    return [{ ...runs, ...(Number.isNaN(at) ? {} : { at }) }, ...calls]
  }

  #callEvents(block: JsonObject): readonly SessionEvent[] {
    if (block.type === 'tool_use') return this.#begun(block)
    return block.type === 'tool_result' ? this.#finished(block) : []
  }

  #begun(block: JsonObject): readonly SessionEvent[] {
    const [toolUseId, name] = [textAt(block, 'id'), textAt(block, 'name')]
    if (toolUseId === null || name === null) return []
    keepNewest(this.#open, toolUseId, name, OPEN_CALLS_MAX)
    return [{ type: 'tool_started', toolUseId, name, input: jsonText(block.input), agentId: this.#agentId }]
  }

  #finished(block: JsonObject): readonly SessionEvent[] {
    const toolUseId = textAt(block, 'tool_use_id') ?? ''
    const name = this.#open.get(toolUseId)
    if (name === undefined) return []
    this.#open.delete(toolUseId)
    const isError = block.is_error === true
    const nothing = { input: null, output: null, interrupted: false, durationMs: null }
    return [{ type: 'tool_finished', toolUseId, name, isError, agentId: this.#agentId, ...nothing }]
  }
}
