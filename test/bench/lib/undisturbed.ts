/** Takes a measurement when other programs leave the machine alone, because on a shared one that decides what it is worth. */
import { readFileSync } from 'node:fs'
import { childrenOf, ticksOf, ticksOfTheDead } from './proc.ts'

/** Share of all processors that others may take while something is measured. */
const SHARE_MAX = 0.1
const ATTEMPTS = 4
/** Milliseconds that a quiet moment is waited for, and over which it is told. */
const PATIENCE_MS = 15_000
const LOOK_MS = 300

let worstShare: number | undefined

/** The largest share that others took from any measurement that was kept; undefined when none was taken. */
export function disturbance(): number | undefined {
  return worstShare
}

/** The first undisturbed result, or the least disturbed one after some attempts. */
export async function undisturbed<T>(measure: () => Promise<T>): Promise<T> {
  let best: { readonly result: T; readonly share: number } | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await quiet()
    const others = new Others()
    const result = await measure()
    const share = others.share()
    if (!best || share < best.share) best = { result, share }
    if (share <= SHARE_MAX) break
  }
  if (!best) throw new Error('nothing was measured')
  worstShare = Math.max(worstShare ?? 0, best.share)
  return best.result
}

async function quiet(): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const others = new Others()
    await Bun.sleep(LOOK_MS)
    if (others.share() <= SHARE_MAX) return
  }
}

/** Everything on the machine but this process and its children, from now on. */
class Others {
  readonly #from = ticks()

  /** Share of all processors, 0 to 1. */
  share(): number {
    const now = ticks()
    const all = now.all - this.#from.all
    return all > 0 ? Math.max(0, now.others - this.#from.others) / all : 0
  }
}

/** Of all processors since the start of the system; columns as in proc(5). Interrupts are mostly our own network traffic. */
function ticks(): { readonly all: number; readonly others: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1)
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, interrupt = 0, soft = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number)
  const own = [process.pid, ...childrenOf(process.pid)].reduce((sum, pid) => sum + ticksOf(pid), ticksOfTheDead())
  return { all: user + nice + system + idle + wait + interrupt + soft, others: user + nice + system - own }
}
