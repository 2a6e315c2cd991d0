/** Files as they were before a prompt: Claude Code keeps a copy of each that its own tools change. */
import { type JsonObject, listAt, textAt } from '../../lib/json.ts'
import { AgentError } from '../connector.ts'

type Ask = (request: JsonObject & { readonly subtype: string }) => Promise<JsonObject>

/**
 * Puts files back. `promptId`: the uuid of the prompt. Settles with the paths that were changed; asks for them first, since
 * only the rehearsal names them (2.1.197, 2.1.329). Rejects with AgentError where Claude keeps nothing of the prompt.
 */
export async function restoreFiles(ask: Ask, promptId: string): Promise<readonly string[]> {
  const request = { subtype: 'rewind_files', user_message_id: promptId }
  const rehearsal = granted(await ask({ ...request, dry_run: true }))
  const files = listAt(rehearsal, 'filesChanged').filter((path) => typeof path === 'string')
  if (files.length > 0) granted(await ask(request))
  return files
}

function granted(answer: JsonObject): JsonObject {
  if (answer.canRewind === true) return answer
  throw new AgentError(textAt(answer, 'error') ?? 'Claude Code gave no reason.')
}
