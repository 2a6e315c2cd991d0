/** The real Claude Code, in the two versions that users have: pinned development dependencies, run by their own paths. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Versions under test, each with the alias of its package in package.json. */
export const CLAUDE_PACKAGES = { '2.1.197': 'claude-code-197', '2.1.329': 'claude-code-329' } as const

export type ClaudeVersion = keyof typeof CLAUDE_PACKAGES

export const CLAUDE_VERSIONS = Object.keys(CLAUDE_PACKAGES) as ClaudeVersion[]

/** Why no real Claude can run on this machine; undefined where one can, and then its tests are never skipped. */
export const NO_CLAUDE_HERE =
  ['linux', 'darwin'].includes(process.platform) && ['x64', 'arm64'].includes(process.arch)
    ? undefined
    : `no tests with the real claude on ${process.platform} ${process.arch}`

const packageDirectory = join(import.meta.dir, '..', '..', 'node_modules')

/**
 * The absolute path of a version's binary. The npm package carries it in an optional dependency for each platform,
 * of which the installer fetches one.
 * @throws when the dependencies are not installed
 */
export function claudeBinary(version: ClaudeVersion): string {
  const { resolve } = createRequire(join(packageDirectory, CLAUDE_PACKAGES[version], 'package.json'))
  for (const libc of ['', '-musl']) {
    const platform = `@anthropic-ai/claude-code-${process.platform}-${process.arch}${libc}`
    const found = tryResolve(() => join(resolve(`${platform}/package.json`), '..', 'claude'))
    if (found && existsSync(found)) return found
  }
  throw new Error(
    `claude ${version} is not installed: run \`bun install --frozen-lockfile\` with development dependencies`,
  )
}

function tryResolve(find: () => string): string | undefined {
  try {
    return find()
  } catch {
    return undefined
  }
}
