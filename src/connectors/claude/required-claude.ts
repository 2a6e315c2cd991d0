/** The `claude` that sessions are driven with, or the reason why there is none. */
import { type ClaudePlaces, findClaude } from '../../lib/find-claude.ts'
import { AgentError } from '../connector.ts'

/** The absolute path of the program. Throws AgentError when there is none. */
export function requiredClaude(places: ClaudePlaces): string {
  const found = findClaude(places)
  if (found !== null) return found
  const named = places.configured === null ? '' : ` ${places.configured} is no program.`
  throw new AgentError(
    `Claude Code was not found.${named} Install it, or set ORBITDOCK_CLAUDE_BIN to its path and restart the server.`,
  )
}
