/** The `claude` that sessions are driven with, or the reason why there is none. */
import { type ClaudePlaces, findClaude } from '../../lib/find-claude.ts'
import { AgentError } from '../connector.ts'

/** The absolute path of the program. Throws AgentError when there is none. */
export function requiredClaude(places: ClaudePlaces): string {
  const found = findClaude(places)
  if (found !== null) return found
  const { configured } = places
  throw new AgentError(
    configured === null
      ? 'Claude Code was not found. Install it, or set ORBITDOCK_CLAUDE_BIN to its path and restart the server.'
      : `Claude Code was not found: ${configured}, which ORBITDOCK_CLAUDE_BIN names, is no program.`,
  )
}
