/** Directories of this machine, and the projects in them. */
import type { Database } from 'bun:sqlite'
import { opendir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { homePath } from '../../lib/home-path.ts'
import { DIRECTORY_ENTRIES_MAX, LIST_BYTES_MAX } from '../../lib/limits.ts'
import { withinBytes } from '../../lib/within-bytes.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import type { DirectoryEntry } from '../../protocol/model/files.ts'
import { readRecentProjects } from '../../store/projects.ts'
import type { Connection } from '../connection.ts'

type BrowseDirectory = Extract<GatewayMessage, { type: 'browse_directory' }>

interface Found {
  readonly name: string
  readonly isDirectory: boolean
}

/** Answers with what is in a directory; `home` stands for no path, for `~`, and before a relative one. */
export async function browseDirectory(home: string, connection: Connection, { path }: BrowseDirectory): Promise<void> {
  const asked = homePath(path ?? '', home)
  try {
    const directory = await realpath(asked)
    connection.reply({ type: 'directory_listing', path: directory, entries: await entriesOf(directory) })
  } catch (error) {
    connection.reply(errorFrame('browse_error', null, `${asked} ${reasonOf(error)}`))
  }
}

/** Answers with the directories that sessions have worked in, after the client's own commands are stored. */
export async function listRecentProjects(reader: () => Database, connection: Connection): Promise<void> {
  await connection.commandsStored()
  try {
    connection.reply({ type: 'recent_projects_list', projects: readRecentProjects(reader()) })
  } catch {
    connection.reply(errorFrame('db_error', null))
  }
}

/** Directories first, each kind by name; what begins with a dot is left out. */
async function entriesOf(directory: string): Promise<readonly DirectoryEntry[]> {
  const found = await findIn(directory)
  const entries = found.sort(byKindAndName).map(async ({ name, isDirectory }) => ({
    name,
    is_dir: isDirectory,
    is_git: isDirectory && (await exists(join(directory, name, '.git'))),
  }))
  return withinBytes(await Promise.all(entries), LIST_BYTES_MAX)
}

async function findIn(directory: string): Promise<Found[]> {
  const found: Promise<Found>[] = []
  for await (const entry of await opendir(directory)) {
    const { name } = entry
    if (name.startsWith('.')) continue
    const isDirectory = entry.isSymbolicLink() ? leadsToDirectory(join(directory, name)) : entry.isDirectory()
    found.push(Promise.resolve(isDirectory).then((is) => ({ name, isDirectory: is })))
    if (found.length === DIRECTORY_ENTRIES_MAX) break
  }
  return Promise.all(found)
}

function byKindAndName(a: Found, b: Found): number {
  if (a.isDirectory !== b.isDirectory) return a.isDirectory ? -1 : 1
  const [first, second] = [a.name.toLowerCase(), b.name.toLowerCase()]
  if (first === second) return a.name < b.name ? -1 : 1
  return first < second ? -1 : 1
}

async function leadsToDirectory(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isDirectory(),
    () => false,
  )
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function reasonOf(error: unknown): string {
  switch ((error as { code?: string }).code) {
    case 'ENOENT':
      return 'does not exist.'
    case 'ENOTDIR':
      return 'is not a directory.'
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by the user who runs this server.'
    default:
      return 'could not be read.'
  }
}
