/** Hooks of agents that the server drives, which may call their conversation by another id than we do. */
import { isDirectClaude } from '../connectors/claude/launch.ts'
import type { Hook } from '../hooks/hook.ts'
import { countAt, textAt } from '../lib/json.ts'
import { localProcesses } from '../liveness/local-processes.ts'

/**
 * The session of ours that drives the agent of a hook, where the hook names another one, as after /clear; null for any other
 * hook. What such an agent starts inherits its environment, so the process itself is looked at, too; `isKnown` tells of a
 * conversation whose process has gone.
 */
export function driverOf(
  { sessionId, body }: Hook,
  isKnown: (driver: string, conversation: string) => boolean,
): string | null {
  const driver = textAt(body, 'orbitdock_session_id')
  if (driver === null || driver === sessionId) return null
  const words = localProcesses.arguments(countAt(body, 'pid') ?? 0)
  const isOurs = words.length > 0 ? isDirectClaude(words) : isKnown(driver, sessionId)
  return isOurs ? driver : null
}

/** Whether a hook shows that a Claude which nobody here has started goes on with the session. */
export function isOfSomebodyElse(sessionId: string, { event, body }: Hook): boolean {
  const isKnown = countAt(body, 'pid') !== null
  return isKnown && event !== 'SessionEnd' && textAt(body, 'orbitdock_session_id') !== sessionId
}
