/** Declares tests with the real Claude Code: one for each version, few at a time, each in a world of its own. */
import { test } from 'bun:test'
import { CLAUDE_VERSIONS, type ClaudeVersion, NO_CLAUDE_HERE } from '../support/claude-binaries.ts'
import { skipUnless } from '../support/skipped.ts'
import { Slots } from '../support/slots.ts'
import { within } from '../support/within.ts'

const AT_A_TIME = 2
/** Milliseconds for one test alone. */
const DEADLINE_MS = 60_000
/** Milliseconds for one test with those that run before it. */
const TIMEOUT_MS = 600_000

const slots = new Slots(AT_A_TIME)

/** A test, and the world that it happens in. */
export interface RealTest<World extends AsyncDisposable> {
  readonly name: string
  readonly open: (version: ClaudeVersion) => Promise<World>
  readonly body: (world: World) => Promise<void>
  /** All of them by default. */
  readonly versions?: readonly ClaudeVersion[] | undefined
}

/**
 * Declares a test that every version has to pass. On a busy machine a terminal drops a key now and then, and Claude is killed
 * before it has written a line; so what fails is tried once more in a new world, and the first failure is printed.
 */
export function realTest<World extends AsyncDisposable>({ name, versions, ...how }: RealTest<World>): void {
  for (const version of versions ?? CLAUDE_VERSIONS) {
    const title = `claude ${version}${NO_CLAUDE_HERE === undefined ? name : `: ${NO_CLAUDE_HERE}`}`
    const attempt = async () => {
      await using world = await how.open(version)
      await within(DEADLINE_MS, how.body(world), () => `${title}: took too long`)
    }
    const attempts = () =>
      attempt().catch((error: unknown) => {
        process.stderr.write(`${title}: tried again after\n${Bun.inspect(error)}\n`)
        return attempt()
      })
    test.concurrent.skipIf(skipUnless(!NO_CLAUDE_HERE, title))(title, () => slots.run(attempts), TIMEOUT_MS)
  }
}
