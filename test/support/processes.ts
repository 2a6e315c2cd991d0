/** Whether processes that a test did not start itself are there. */

/** Milliseconds between two looks; nobody tells when a process of somebody else ends. */
const LOOK_MS = 5

/** A process that waits to be collected by its parent is dead. */
export function isAlive(pid: number): boolean {
  const { stdout } = Bun.spawnSync(['ps', '-o', 'stat=', '-p', String(pid)])
  const state = stdout.toString().trim()
  return state !== '' && !state.startsWith('Z')
}

/** Settles when the process is dead; the test's own time limit is its patience. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await Bun.sleep(LOOK_MS)
}

/** Ids of the processes whose command line holds this text. */
export function processesWith(text: string): readonly number[] {
  const { stdout } = Bun.spawnSync(['ps', '-e', '-ww', '-o', 'pid=,stat=,args='])
  const lines = stdout.toString().split('\n')
  return lines.flatMap((line) => {
    const [pid = '', state = ''] = line.trim().split(/\s+/)
    return line.includes(text) && !state.startsWith('Z') ? [Number(pid)] : []
  })
}

/** The same, once there is one; the test's own time limit is its patience. */
export async function processesComing(text: string): Promise<readonly number[]> {
  for (;;) {
    const found = processesWith(text)
    if (found.length > 0) return found
    await Bun.sleep(LOOK_MS)
  }
}
