/** From what a person typed to a session. */
import type { SessionSummary } from '../../protocol/model/session.ts'
import { CliError } from '../cli-error.ts'
import type { LiveClient } from '../live-client.ts'
import { clean } from '../terminal-text.ts'
import { titleOf } from './describe.ts'

/** Milliseconds for the list to arrive. */
const LIST_MS_MAX = 10_000
/** Sessions that are named when a prefix fits several. */
const CANDIDATES_SHOWN_MAX = 5
/** Length of the ids of both agents; anything as long is no prefix. */
const FULL_ID_CHARS = 36

/** Asks for the list; the client follows it from then on. */
export async function fetchSessions(client: LiveClient): Promise<readonly SessionSummary[]> {
  const answer = client.waitFor((frame) => (frame.type === 'sessions_list' ? frame.sessions : undefined), LIST_MS_MAX)
  client.send({ type: 'subscribe_list' })
  return answer
}

/** The full id for a full id or an unambiguous beginning of one. Throws CliError `not_found` or `ambiguous_id`. */
export async function findSessionId(client: LiveClient, typed: string): Promise<string> {
  if (typed.length >= FULL_ID_CHARS) return typed
  const matches = (await fetchSessions(client)).filter(({ id }) => id.startsWith(typed))
  const exact = matches.find(({ id }) => id === typed)
  const [first, second] = exact ? [exact] : matches
  if (!first)
    throw new CliError('not_found', `No session has the id ${typed}. "orbitdock-server session list" shows them.`)
  if (!second) return first.id
  const shown = matches.slice(0, CANDIDATES_SHOWN_MAX).map((session) => `  ${clean(session.id)}  ${titleOf(session)}`)
  throw new CliError(
    'ambiguous_id',
    [`${matches.length} sessions have an id that begins with ${typed}:`, ...shown].join('\n'),
  )
}

/** For each id a beginning that tells it from the others, fit to be shown. */
export function shortIds(ids: readonly string[], charsMin = 8): Map<string, string> {
  const sorted = [...ids].sort()
  const shared = (one: string, other = '') => {
    let length = 0
    while (length < one.length && one[length] === other[length]) length += 1
    return length
  }
  return new Map(
    sorted.map((id, index) => {
      const needed = Math.max(shared(id, sorted[index - 1]), shared(id, sorted[index + 1])) + 1
      return [id, clean(id.slice(0, Math.max(needed, charsMin)).replace(/-$/, ''))]
    }),
  )
}
