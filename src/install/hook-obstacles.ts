/** What keeps Claude Code from running hooks that are installed: switches in its settings, and rules of an administrator. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject, type JsonObject } from '../lib/json.ts'
import { mentionsUs } from './hook-table.ts'

/** Where Claude Code finds settings besides those that are installed to. */
export interface SettingsPlaces {
  /** What `CLAUDE_CONFIG_DIR` names, or `~/.claude`. */
  readonly configDir: string
  /** The directory in which Claude is started; its project may have settings of its own. */
  readonly workingDir: string
  /** Of the administrator; the one of this system by default. */
  readonly managedDir?: string | undefined
}

/** As code.claude.com/docs/en/settings names them. */
const MANAGED_DIR = process.platform === 'darwin' ? '/Library/Application Support/ClaudeCode' : '/etc/claude-code'
const WITHOUT_HOOKS =
  'Without hooks sessions are still listed and shown, from what Claude keeps on disk; prompts are answered in the terminal only.'

/** One sentence or two for each reason; empty when hooks run. */
export function hookObstacles({ configDir, workingDir, managedDir = MANAGED_DIR }: SettingsPlaces): readonly string[] {
  const managed = [...managedFiles(managedDir), join(configDir, 'remote-settings.json')]
  const byAdministrator = managed.flatMap((file) => managedObstacle(file, readObject(file)))
  if (byAdministrator.length > 0) return byAdministrator
  const project = join(workingDir, '.claude')
  const own = [configDir, project].map((directory) => join(directory, 'settings.json'))
  return [...new Set([...own, join(project, 'settings.local.json')])].flatMap((file) =>
    readObject(file).disableAllHooks === true
      ? [`${file} switches all hooks off ("disableAllHooks"). Take that out of it. ${WITHOUT_HOOKS}`]
      : [],
  )
}

function managedObstacle(file: string, settings: JsonObject): readonly string[] {
  if (settings.disableAllHooks === true) {
    return [`${file}, of an administrator, switches all hooks off ("disableAllHooks"). ${WITHOUT_HOOKS}`]
  }
  if (settings.allowManagedHooksOnly !== true || mentionsUs(settings.hooks)) return []
  return [
    `${file} lets only hooks of an administrator run ("allowManagedHooksOnly"), who can add those that ` +
      `"orbitdock-server install-hooks --print" shows. ${WITHOUT_HOOKS}`,
  ]
}

function managedFiles(directory: string): readonly string[] {
  const parts = join(directory, 'managed-settings.d')
  return [join(directory, 'managed-settings.json'), ...namesIn(parts).map((name) => join(parts, name))]
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort()
  } catch {
    return []
  }
}

/** Settings that cannot be read, or are none, switch nothing off: Claude ignores them. */
function readObject(file: string): JsonObject {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}
