/** Finds the transcript of a session whose hooks do not name it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export interface ClaudePlaces {
  /** `$CLAUDE_CONFIG_DIR`, when set. */
  readonly configDirectory: string | undefined
  readonly home: string
}

/** Session ids become file names, so nothing that could name another directory. */
const SESSION_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/**
 * The transcript of a session by the CLI's own rule: `projects/<directory>/<session id>.jsonl`, where every character
 * of the directory that is no letter or digit became a dash. Older versions replaced slashes only.
 * Null unless the file exists: a path that a hook names is always better than this one.
 */
export function findTranscript(sessionId: string, cwd: string, places: ClaudePlaces): string | null {
  if (!SESSION_ID.test(sessionId)) return null
  const projects = join(places.configDirectory ?? join(places.home, '.claude'), 'projects')
  const folders = [cwd.replace(/[^A-Za-z0-9]/g, '-'), cwd.replaceAll('/', '-')]
  const paths = folders.map((folder) => join(projects, folder, `${sessionId}.jsonl`))
  return paths.find((path) => existsSync(path)) ?? null
}
