/** Where Claude keeps what its subagents do, and the note that it makes of each. */
import { isJsonObject, type JsonObject, parseJson, textAt } from '../lib/json.ts'
import type { SubagentFacts } from '../session/events.ts'
import { SUBAGENT_NOTE_BYTES_MAX } from './limits.ts'
import { openTranscript } from './transcript-file.ts'

/** What the note of a subagent says. */
export type SubagentNote = SubagentFacts & { readonly agentType: string | null }

/** The directory of the subagents of a session; `path` is the transcript of the session. */
export function subagentsDirectory(path: string): string {
  return `${path.replace(/\.jsonl$/, '')}/subagents`
}

/** The transcript of a subagent; null for what is no id. `path` is the transcript of the session. */
export function subagentTranscript(path: string, agentId: string): string | null {
  return /^[\w-]+$/.test(agentId) ? `${subagentsDirectory(path)}/agent-${agentId}.jsonl` : null
}

/** Whose transcript a file of that directory is; null for other files. */
export function agentIdOfFile(name: string): string | null {
  return /^agent-([\w-]+)\.jsonl$/.exec(name)?.[1] ?? null
}

/**
 * The note beside the transcript of a subagent, which tells the call that started it. `path` is that of the transcript, as
 * `allowedPath` returned it. Null while there is none that can be read. Rejects when the system refuses to read it.
 */
export async function readSubagentNote(path: string): Promise<SubagentNote | null> {
  const file = await openTranscript(path.replace(/\.jsonl$/, '.meta.json'))
  if (file === null) return null
  try {
    const { size } = await file.stat()
    const note = size > SUBAGENT_NOTE_BYTES_MAX ? undefined : parseJson(await file.readFile('utf8'))
    return isJsonObject(note) ? noteOf(note) : null
  } finally {
    await file.close()
  }
}

/** Only later versions say who started a subagent's subagent, and whether it runs in the background. */
function noteOf(note: JsonObject): SubagentNote {
  const parentId = textAt(note, 'parentAgentId')
  return {
    agentType: textAt(note, 'agentType'),
    description: textAt(note, 'description'),
    toolUseId: textAt(note, 'toolUseId'),
    ...(parentId === null ? {} : { parentId }),
    ...(note.requestShape === 'background' ? { background: true } : {}),
  }
}
