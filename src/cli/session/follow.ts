/** Keeps a connection to the server through its restarts. */
import { CliError } from '../cli-error.ts'
import { LiveClient } from '../live-client.ts'
import type { Target } from '../target.ts'

/** Milliseconds between attempts to connect again; the last one repeats. */
const RETRY_DELAYS_MS = [250, 500, 1_000, 2_000, 5_000]

/** Milliseconds between questions whether the other side is still there; a machine that slept would wait for ever. */
const HEARTBEAT_MS = 15_000

export interface FollowOptions {
  readonly target: Target
  /** Called on every new connection, before its first frame is read. */
  readonly opened: (client: LiveClient) => void
  /** Called with a sentence when the connection is lost, and with null when it is back. */
  readonly interrupted: (problem: string | null) => void
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Follows until `signal` fires. The first connection has to succeed (else CliError); later ones are tried until they do,
 * unless the server refuses us.
 */
export async function follow({ target, opened, interrupted, signal }: FollowOptions): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  let client: LiveClient | null = await LiveClient.connect(target)
  while (client && !signal.aborted) {
    client.watchOver(HEARTBEAT_MS)
    opened(client)
    await Promise.race([client.closed, ended])
    client.close()
    if (signal.aborted) return
    interrupted('Connection lost; trying again.')
    client = await reconnect(target, ended, signal)
    if (client) interrupted(null)
  }
  client?.close()
}

async function reconnect(target: Target, ended: Promise<void>, signal: AbortSignal): Promise<LiveClient | null> {
  for (let attempt = 0; ; attempt += 1) {
    await pause(RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)] ?? 0, ended)
    if (signal.aborted) return null
    try {
      return await LiveClient.connect(target)
    } catch (error) {
      if (!(error instanceof CliError) || error.code === 'unauthorized') throw error
    }
  }
}

/** Waits, but not longer than `ended`. */
async function pause(delayMs: number, ended: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, delayMs)
  await Promise.race([promise, ended])
  clearTimeout(timer)
}
