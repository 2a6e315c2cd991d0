/** What Ctrl-C and a service manager mean by a signal. */

/** Settles with the name of the first signal; another one ends the process at once, with 1. */
export function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let signalled = false
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (signalled) process.exit(1)
      signalled = true
      resolve(name)
    })
  }
  return promise
}
