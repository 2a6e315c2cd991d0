/** Ends the agents that a killed server has left behind: only processes that are certainly ours. */
import { isDirectClaude } from '../connectors/claude/launch.ts'
import { CLAUDE_TERM_GRACE_MS, PROCESS_LOOK_MS } from '../lib/limits.ts'
import { localProcesses } from '../liveness/local-processes.ts'
import { strayCommands } from '../liveness/stray-commands.ts'

/**
 * Ends the process group that this process leads, if it is the one that began at `start` and its command line is one of
 * ours. Settles when the process is gone.
 */
export async function reap(pid: number, start: string | null): Promise<void> {
  if (start === null) return
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isOurs(pid, start)) return
    signal(pid, name)
    await goneWithin(CLAUDE_TERM_GRACE_MS, pid, start)
  }
}

/** Ends what the agent of a session was running when it died: as it leaves by itself, it does so too. */
export function endStrayCommands(sessionId: string): void {
  for (const pid of strayCommands(`ORBITDOCK_SESSION_ID=${sessionId}`)) signal(pid, 'SIGKILL')
}

async function goneWithin(ms: number, pid: number, start: string): Promise<void> {
  const deadline = performance.now() + ms
  while (isOurs(pid, start) && performance.now() < deadline) await Bun.sleep(PROCESS_LOOK_MS)
}

function isOurs(pid: number, start: string): boolean {
  return localProcesses.start(pid) === start && isDirectClaude(localProcesses.arguments(pid))
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, name)
  } catch {
    // It has gone by itself.
  }
}
