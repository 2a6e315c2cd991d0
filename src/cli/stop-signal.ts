/** What Ctrl-C and a service manager mean by a signal. */

/**
 * Milliseconds in which a second signal counts as the first one once more: a terminal sends Ctrl-C to everything that runs
 * in it, and `npx` and `bun run` pass on what they got.
 */
const ECHO_MS = 400

/** Settles with the name of the first signal; another one, later than its echoes, ends the process at once, with 1. */
export function stopSignal(now: () => number = () => performance.now()): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let signalledAt: number | undefined
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (signalledAt !== undefined && now() - signalledAt > ECHO_MS) process.exit(1)
      signalledAt ??= now()
      resolve(name)
    })
  }
  return promise
}
