/** Finds the `claude` that the user has installed. */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface ClaudePlaces {
  /** Named by the configuration; null when it names none. */
  readonly configured: string | null
  readonly home: string
  /** The search path. */
  readonly path: string
}

/** Where installers put it, below the home directory, in the order in which they are believed. */
const INSTALLED = [
  ['.claude', 'local', 'claude'],
  ['.local', 'bin', 'claude'],
  ['.npm-global', 'bin', 'claude'],
  ['.bun', 'bin', 'claude'],
  ['.volta', 'bin', 'claude'],
]
/** A service has a short search path; this is where package managers of the whole machine put it. */
const MACHINE_WIDE = ['/usr/local/bin/claude', '/opt/homebrew/bin/claude']

/** The absolute path of the program; null when there is none, or when the configured one is none. */
export function findClaude({ configured, home, path }: ClaudePlaces): string | null {
  // Whoever names a program means no other.
  if (configured !== null) return isProgram(configured) ? configured : null
  const searched = path.split(delimiter).filter((directory) => directory.startsWith('/'))
  const candidates = [
    join(home, ...(INSTALLED[0] ?? [])),
    ...searched.map((directory) => join(directory, 'claude')),
    ...INSTALLED.slice(1).map((parts) => join(home, ...parts)),
    ...MACHINE_WIDE,
  ]
  return candidates.find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
