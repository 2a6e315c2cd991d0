/** Which Claude Code is installed, as far as it matters for its settings. */
import { findClaude } from '../lib/find-claude.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Milliseconds for `claude --version`. */
const TIMEOUT_MS = 5_000
/**
 * The first version seen to accept events that it does not know. Those up to 2.1.86 then ignore the whole settings
 * file, permission rules included.
 */
const ACCEPTS_UNKNOWN_EVENTS: Version = [2, 1, 101]

type Version = readonly [major: number, minor: number, patch: number]

/** The version of an installed Claude Code that would ignore settings with events newer than itself; null when there is none. */
export function strictClaudeVersion(home: string, env: Environment): string | null {
  const configured = env.ORBITDOCK_CLAUDE_BIN || env.CLAUDE_BIN || null
  const binary = findClaude({ configured, home, path: env.PATH ?? '' })
  const version = binary && readVersion(binary, env)
  return version && compare(version, ACCEPTS_UNKNOWN_EVENTS) < 0 ? version.join('.') : null
}

function readVersion(binary: string, env: Environment): Version | null {
  const run = Bun.spawnSync([binary, '--version'], { env: { ...env }, stdin: 'ignore', timeout: TIMEOUT_MS })
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(run.stdout.toString())
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null
}

function compare(left: Version, right: Version): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
}
