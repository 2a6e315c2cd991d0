/** Puts our hooks into Claude Code's settings, and takes them out again. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DataPaths } from '../lib/data-paths.ts'
import type { JsonObject } from '../lib/json.ts'
import { type Environment, strictClaudeVersion } from './claude-version.ts'
import { hooksByEvent, isOurCommand } from './hook-events.ts'
import { withOurHooks, withoutOurHooks } from './hook-table.ts'
import { InstallError } from './install-error.ts'
import { withMember } from './json-text.ts'
import { readSettings, writeSettings } from './settings-file.ts'

export interface HookInstallOptions {
  readonly paths: DataPaths
  readonly home: string
  readonly env: Environment
  /** Another file than the one Claude reads: `$CLAUDE_CONFIG_DIR/settings.json` or `~/.claude/settings.json`. */
  readonly settingsPath?: string | undefined
}

/** Registers the hook script for every event in use. Returns the lines to print; throws InstallError. */
export function installHooks(options: HookInstallOptions): readonly string[] {
  const { hookScript } = options.paths
  if (!existsSync(hookScript)) {
    throw new InstallError(`There is no hook script at ${hookScript}. Run "orbitdock-server init" first.`)
  }
  const strict = strictClaudeVersion(options.home, options.env)
  const lines = change(options, (hooks) => withOurHooks(hooks, hooksByEvent(hookScript, strict === null)))
  if (strict === null) return lines
  return [...lines, `  Claude Code ${strict} does not know all events; run this command again after updating it.`]
}

/** Takes out every hook of OrbitDock's. Returns the lines to print; throws InstallError. */
export function uninstallHooks(options: HookInstallOptions): readonly string[] {
  return change(options, withoutOurHooks)
}

function change(options: HookInstallOptions, edit: (hooks: JsonObject) => JsonObject): readonly string[] {
  const path =
    options.settingsPath ?? join(options.env.CLAUDE_CONFIG_DIR || join(options.home, '.claude'), 'settings.json')
  const { text, hooks } = readSettings(path)
  const edited = edit(hooks)
  const changes = describeChanges(hooks, edited)
  if (changes.length === 0) return [`  Nothing to change in ${path}`]
  const backup = writeSettings(path, withMember(text, 'hooks', Object.keys(edited).length > 0 ? edited : undefined))
  return [`  Updated ${path}`, ...changes, ...(backup ? [`  The file as it was: ${backup}`] : [])]
}

function describeChanges(before: JsonObject, after: JsonObject): readonly string[] {
  const events = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return events.flatMap((event) => {
    const [old, now] = [JSON.stringify(before[event] ?? []), JSON.stringify(after[event] ?? [])]
    if (old === now) return []
    const [had, has] = [mentionsUs(before[event]), mentionsUs(after[event])]
    return [`  ${had ? (has ? '~' : '-') : '+'} hooks.${event}`]
  })
}

function mentionsUs(value: unknown): boolean {
  if (typeof value === 'string') return isOurCommand(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(mentionsUs)
}
