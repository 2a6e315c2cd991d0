/** How the entries of a transcript follow each other: where its prompts are, and what stands before each of them. */
import { isJsonObject, type JsonObject, objectAt, parseJson, textAt } from '../lib/json.ts'
import { entryEvents } from './entries.ts'
import { TRANSCRIPT_LINE_BYTES_MAX } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import { linesToEnd, openTranscript } from './transcript-file.ts'
import { turnGoesOn } from './turn-at-end.ts'

interface Link {
  readonly follows: string | null
  /** The same, but a compaction, which begins anew, follows what it has summarised. */
  readonly continues: string | null
  readonly kind: 'prompt' | 'message' | 'boundary' | 'other'
  /** Whether the turn goes on behind it; null where it does not tell. */
  readonly goesOn: boolean | null
}

interface Notes {
  readonly links: Map<string, Link>
  readonly guidance: Set<string>
}

/** What was sent to the API: most of the bytes that 2.1.329 writes, and no entry. */
const DUMP = /^\{"type":"api-request/

export class ConversationChain {
  readonly #links: ReadonlyMap<string, Link>
  /** Guidance stands in attachments, which name the id that it was sent under. */
  readonly #guidance: ReadonlySet<string>
  /** The newest entry that nothing follows; null in an empty file. */
  readonly end: string | null

  private constructor({ links, guidance }: Notes) {
    this.#links = links
    this.#guidance = guidance
    const followed = new Set([...links.values()].map(({ follows }) => follows))
    this.end = [...links.keys()].findLast((uuid) => !followed.has(uuid)) ?? null
  }

  /** Reads a whole transcript; null when there is none. `path` is one that `allowedPath` returned. */
  static async read(path: string): Promise<ConversationChain | null> {
    const file = await openTranscript(path)
    if (file === null) return null
    const notes: Notes = { links: new Map(), guidance: new Set() }
    try {
      for await (const { lines } of linesToEnd(file, new LineSplitter(0, TRANSCRIPT_LINE_BYTES_MAX)))
        for (const { text } of lines) if (text !== null && !DUMP.test(text)) note(notes, text)
    } finally {
      await file.close()
    }
    return new ConversationChain(notes)
  }

  /** Whether what was sent under this id has been written. */
  has(uuid: string): boolean {
    return this.#links.has(uuid) || this.#guidance.has(uuid)
  }

  /** The prompts up to an entry, oldest first. */
  promptsTo(uuid: string | null): readonly string[] {
    return [...this.#upFrom(uuid, 'continues')].filter((at) => this.#links.get(at)?.kind === 'prompt').reverse()
  }

  /** The last message up to an entry, that entry included: of an answer of several lines it is the last. Null where there is none. */
  messageAt(uuid: string | null): string | null {
    for (const at of this.#upFrom(uuid, 'follows')) if (isSaid(this.#links.get(at))) return at
    return null
  }

  /** The last message before an entry; null where there is none. */
  messageBefore(uuid: string): string | null {
    return this.messageAt(this.#links.get(uuid)?.follows ?? null)
  }

  /**
   * Whether Claude still has the entry in mind, and not only in a summary. What 2.1.197 writes behind a compaction follows the
   * last entry before it, of which it has kept some words; it cannot go on there all the same.
   */
  isInMind(uuid: string): boolean {
    if ([...this.#links.keys()].indexOf(uuid) < this.#newest('boundary')) return false
    for (const at of this.#upFrom(this.end, 'follows')) if (at === uuid) return true
    return false
  }

  /** Whether Claude has summarised everything, and nobody has said anything since. */
  get endsInSummary(): boolean {
    return this.#newest('boundary') > this.#newest('prompt')
  }

  /** Whether the newest turn goes on, or was left in its middle. */
  get isInTurn(): boolean {
    for (const at of this.#upFrom(this.end, 'continues')) {
      const goesOn = this.#links.get(at)?.goesOn ?? null
      if (goesOn !== null) return goesOn
    }
    return false
  }

  /** How many entries were written before the newest of a kind; -1 where there is none. */
  #newest(kind: Link['kind']): number {
    return [...this.#links.values()].findLastIndex((link) => link.kind === kind)
  }

  /** The entry and those before it, newest first. */
  *#upFrom(uuid: string | null, by: 'follows' | 'continues'): Generator<string> {
    const seen = new Set<string>()
    for (let at = uuid; at !== null && !seen.has(at); at = this.#links.get(at)?.[by] ?? null) {
      seen.add(at)
      yield at
    }
  }
}

/** A compaction repeats entries; the first one counts. */
function note({ links, guidance }: Notes, text: string): void {
  const entry = parseJson(text)
  const uuid = isJsonObject(entry) && entry.isSidechain !== true ? textAt(entry, 'uuid') : null
  if (!isJsonObject(entry) || uuid === null || links.has(uuid)) return
  const sentAs = textAt(objectAt(entry, 'attachment'), 'source_uuid')
  if (sentAs !== null) guidance.add(sentAs)
  const follows = textAt(entry, 'parentUuid')
  const continues = follows ?? textAt(entry, 'logicalParentUuid')
  const kind = kindOf(entry)
  links.set(uuid, {
    follows,
    continues,
    kind,
    goesOn: kind === 'prompt' || kind === 'message' ? turnGoesOn(text) : null,
  })
}

function isSaid(link: Link | undefined): boolean {
  return link?.kind === 'prompt' || link?.kind === 'message'
}

function kindOf(entry: JsonObject): Link['kind'] {
  if (isPrompt(entry)) return 'prompt'
  if (entry.subtype === 'compact_boundary') return 'boundary'
  const { role } = objectAt(entry, 'message')
  return role === 'assistant' || role === 'user' ? 'message' : 'other'
}

function isPrompt(entry: JsonObject): boolean {
  if (entry.type !== 'user') return false
  const context = { sessionId: '', offset: 0, live: false, model: null, startOf: () => undefined }
  // Commands of the CLI are shown as what a person said, too, but as an aside.
  return entryEvents(entry, context).some(
    (event) => event.type === 'message_reported' && event.message.type === 'user' && !event.aside,
  )
}
