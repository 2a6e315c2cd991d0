/** Puts our hooks into Claude Code's settings, and takes them out again. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DataPaths } from '../lib/data-paths.ts'
import type { JsonObject } from '../lib/json.ts'
import { type Environment, strictClaudeVersion } from './claude-version.ts'
import { hooksByEvent } from './hook-events.ts'
import { hookObstacles } from './hook-obstacles.ts'
import { curlOfHooks } from './hook-script.ts'
import { mentionsUs, withOurHooks, withoutOurHooks } from './hook-table.ts'
import { InstallError } from './install-error.ts'
import { withMember } from './json-text.ts'
import { readSettings, writeSettings } from './settings-file.ts'
import { shellWord } from './shell-quote.ts'

export interface HookInstallOptions {
  readonly paths: DataPaths
  readonly home: string
  readonly env: Environment
  /** Other files than the one Claude reads: `$CLAUDE_CONFIG_DIR/settings.json` or `~/.claude/settings.json`. */
  readonly settingsPaths?: readonly string[] | undefined
  /** Of an administrator; the one of this system by default. */
  readonly managedDir?: string | undefined
}

/** Where Claude Code keeps its settings and everything else. */
export function claudeConfigDir({ home, env }: Pick<HookInstallOptions, 'home' | 'env'>): string {
  return env.CLAUDE_CONFIG_DIR ? resolve(env.CLAUDE_CONFIG_DIR) : join(home, '.claude')
}

/** Registers the hook script for every event in use. Returns the lines to print; throws InstallError. */
export function installHooks(options: HookInstallOptions): readonly string[] {
  const { hooks: ours, strict } = currentHooks(options)
  return [
    ...change(options, (hooks) => withOurHooks(hooks, ours)),
    ...(strict ? [`  Claude Code ${strict} does not know all events; run this command again after updating it.`] : []),
    ...otherConfigDir(options, false),
    ...warnings(options).map((warning) => `  warning: ${warning}`),
  ]
}

/** Takes out every hook of OrbitDock's. Returns the lines to print; throws InstallError. */
export function uninstallHooks(options: HookInstallOptions): readonly string[] {
  return [...change(options, withoutOurHooks), ...otherConfigDir(options, true)]
}

/** What settings that cannot be written from here need, as JSON. Throws InstallError. */
export function printHooks(options: HookInstallOptions): readonly string[] {
  const hooks = withOurHooks({}, currentHooks(options).hooks)
  return [JSON.stringify({ hooks }, null, 2)]
}

/** The hooks for the Claude Code that is installed; `strict` is its version when it does not take all of them. */
export function currentHooks({ paths, home, env }: HookInstallOptions) {
  const { hookScript } = paths
  if (!existsSync(hookScript)) {
    throw new InstallError(`There is no hook script at ${hookScript}. Run "orbitdock-server init" first.`)
  }
  const strict = strictClaudeVersion(home, env)
  return { hooks: hooksByEvent(hookScript, strict === null), strict }
}

function change(options: HookInstallOptions, edit: (hooks: JsonObject) => JsonObject): readonly string[] {
  const paths = options.settingsPaths ?? [join(claudeConfigDir(options), 'settings.json')]
  return paths.flatMap((path) => changeOne(path, edit))
}

function changeOne(path: string, edit: (hooks: JsonObject) => JsonObject): readonly string[] {
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

/** With `CLAUDE_CONFIG_DIR` there are two places; the usual one is for Claudes that run without it, as from an app. */
function otherConfigDir(options: HookInstallOptions, hasOurs: boolean): readonly string[] {
  const usual = join(options.home, '.claude', 'settings.json')
  if (options.settingsPaths || usual === join(claudeConfigDir(options), 'settings.json') || !existsSync(usual))
    return []
  if (mentionOurs(usual) !== hasOurs) return []
  const command = `orbitdock-server install-hooks${hasOurs ? ' --uninstall' : ''} --settings-path ${shellWord(usual)}`
  return [`  Claudes that run without CLAUDE_CONFIG_DIR read ${usual}; for them:`, `    ${command}`]
}

function mentionOurs(settings: string): boolean {
  try {
    return mentionsUs(readSettings(settings).hooks)
  } catch {
    return false
  }
}

function warnings({ paths, home, env, managedDir }: HookInstallOptions): readonly string[] {
  const configDir = claudeConfigDir({ home, env })
  const obstacles = hookObstacles({ configDir, workingDir: process.cwd(), managedDir })
  return curlOfHooks(env) ? obstacles : [...obstacles, `${withoutCurl(paths)} Install curl.`]
}

/** What a person should know where hooks find no curl. */
export function withoutCurl({ spool }: DataPaths): string {
  return (
    `There is no curl, with which hooks report. Their events wait in ${spool}, from where a server of this data ` +
    'directory takes them at once; prompts are answered in the terminal only.'
  )
}
