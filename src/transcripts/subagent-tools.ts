/** The tool calls of a subagent, from its own transcript. */
import { blocksText } from '../lib/claude-tool-output.ts'
import { isJsonObject, type JsonObject, listAt, objectAt, parseJson, textAt } from '../lib/json.ts'
import { keepNewest } from '../lib/keep-newest.ts'
import { TEXT_CHARS_MAX } from '../lib/limits.ts'
import { shorten } from '../lib/shorten.ts'
import type { SubagentTool } from '../protocol/model/subagent.ts'
import { SUBAGENT_TOOLS_MAX, TRANSCRIPT_LINE_BYTES_MAX } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import { linesToEnd, openTranscript } from './transcript-file.ts'

interface Call {
  readonly id: string
  readonly name: string
  readonly summary: string
  output: string | undefined
  isOver: boolean
}

/** A call that hooks told of; the transcript is written later, and may be on another machine. */
export interface ReportedCall {
  readonly toolUseId: string | null
  readonly name: string
  /** JSON text. */
  readonly input: string | null
  readonly finished: boolean
}

/** Gathers the calls from the entries of a transcript, in order; each gets its output once that is known. */
export class SubagentTools {
  /** By the agent's id of the call. */
  readonly #calls = new Map<string, Call>()

  add(entry: unknown): void {
    if (!isJsonObject(entry)) return
    const blocks = listAt(objectAt(entry, 'message'), 'content')
    for (const [index, block] of blocks.entries()) {
      if (!isJsonObject(block)) continue
      if (entry.type === 'assistant' && block.type === 'tool_use') this.#begin(entry, block, index)
      if (entry.type === 'user' && block.type === 'tool_result') this.#finish(block)
    }
  }

  /** Adds what no entry has told of. */
  addReported({ toolUseId, name, input, finished }: ReportedCall): void {
    if (toolUseId === null || this.#calls.has(toolUseId)) return
    const given = parseJson(input ?? '')
    const summary = summaryOf(name, isJsonObject(given) ? given : {})
    this.#put(toolUseId, { id: toolUseId, name, summary, output: undefined, isOver: finished })
  }

  list(): readonly SubagentTool[] {
    return [...this.#calls.values()].map(({ id, name, summary, output, isOver }) => {
      const known = output === undefined ? {} : { output }
      return { id, tool_name: name, summary, ...known, is_in_progress: !isOver }
    })
  }

  #begin(entry: JsonObject, block: JsonObject, index: number): void {
    const [uuid, toolUseId, name] = [textAt(entry, 'uuid'), textAt(block, 'id'), textAt(block, 'name')]
    if (uuid === null || toolUseId === null || name === null) return
    const summary = summaryOf(name, objectAt(block, 'input'))
    this.#put(toolUseId, { id: `${uuid}-tool-${index}`, name, summary, output: undefined, isOver: false })
  }

  #put(toolUseId: string, call: Call): void {
    keepNewest(this.#calls, toolUseId, call, SUBAGENT_TOOLS_MAX)
  }

  #finish(block: JsonObject): void {
    const call = this.#calls.get(textAt(block, 'tool_use_id') ?? '')
    if (!call) return
    const { content } = block
    const output = typeof content === 'string' ? content : blocksText(listAt(block, 'content'))
    call.output = shorten(output, TEXT_CHARS_MAX)
    call.isOver = true
  }
}

/**
 * The calls in a subagent's transcript, and behind them those that were only reported. `path` as `allowedPath` returned it,
 * null where there is none. Rejects when the file cannot be read.
 */
export async function readSubagentTools(
  path: string | null,
  reported: readonly ReportedCall[] = [],
): Promise<readonly SubagentTool[]> {
  const tools = new SubagentTools()
  if (path !== null) await addFile(tools, path)
  for (const call of reported) tools.addReported(call)
  return tools.list()
}

async function addFile(tools: SubagentTools, path: string): Promise<void> {
  const file = await openTranscript(path)
  if (file === null) return
  try {
    const splitter = new LineSplitter(0, TRANSCRIPT_LINE_BYTES_MAX)
    for await (const { lines } of linesToEnd(file, splitter)) {
      for (const { text } of lines) tools.add(parseJson(text ?? ''))
    }
  } finally {
    await file.close()
  }
}

/** Characters of a command in a summary. */
const COMMAND_CHARS_MAX = 60
/** Characters of a prompt in a summary. */
const PROMPT_CHARS_MAX = 50
/** Parts of a path that are shown when it has more than three. */
const PATH_PARTS_SHOWN = 2

/** What a call is about, in a few words; the name of the tool where nothing is known. */
function summaryOf(name: string, input: JsonObject): string {
  const path = textAt(input, 'file_path')
  const pattern = textAt(input, 'pattern')
  switch (name.toLowerCase()) {
    case 'read':
    case 'write':
      return path === null ? name : shortPath(path)
    case 'edit':
      return path === null ? (patchedPath(input) ?? name) : shortPath(path)
    case 'bash':
      return commandOf(input) ?? name
    case 'glob':
      return pattern ?? name
    case 'grep':
      return pattern === null ? name : `Pattern: ${pattern}`
    case 'task':
    case 'agent': {
      const prompt = textAt(input, 'prompt')
      return prompt === null ? name : shorten(prompt, PROMPT_CHARS_MAX)
    }
    default:
      return name
  }
}

function shortPath(path: string): string {
  const parts = path.split('/')
  return parts.length > 3 ? `.../${parts.slice(-PATH_PARTS_SHOWN).join('/')}` : path
}

function patchedPath(input: JsonObject): string | null {
  const path = /^\*\*\* (?:Add|Update) File: (.+)$/m.exec(textAt(input, 'patch') ?? '')?.[1]
  return path === undefined ? null : shortPath(path.trim())
}

function commandOf(input: JsonObject): string | null {
  const command = input.command ?? input.cmd
  const text = Array.isArray(command) ? command.join(' ') : command
  return typeof text === 'string' ? shorten(text.replaceAll('\n', ' '), COMMAND_CHARS_MAX) : null
}
