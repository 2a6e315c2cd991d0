/** Whether what `init` and `install-hooks` once made is still what they would make now. */
import { accessSync, constants, readFileSync } from 'node:fs'
import type { DataPaths } from '../lib/data-paths.ts'
import { renderHookScript } from './hook-script.ts'
import { mentionsUs, withOurHooks } from './hook-table.ts'
import { currentHooks, type HookInstallOptions } from './install-hooks.ts'
import { readSettings } from './settings-file.ts'

export type InstalledState = 'missing' | 'outdated' | 'current'

export interface HookScriptState {
  readonly state: InstalledState
  /** Where its hooks go; null means the socket of the data directory. */
  readonly serverUrl: string | null
}

/** The hook script of a data directory; that of an earlier version, or of the original, is outdated. */
export function inspectHookScript({ root, hookScript, hostId }: DataPaths): HookScriptState {
  const [text, host] = [readText(hookScript), readText(hostId).trim()]
  if (text === '') return { state: 'missing', serverUrl: null }
  const serverUrl = /^socket=''$/m.test(text) ? (/^url='(.*)\/api\/hook'$/m.exec(text)?.[1] ?? null) : null
  const isCurrent = isExecutable(hookScript) && text === renderHookScript({ dataDir: root, hostId: host, serverUrl })
  return { state: isCurrent ? 'current' : 'outdated', serverUrl }
}

/** Our hooks in one file of settings. Throws InstallError where it cannot be read, or Claude would ignore it. */
export function inspectSettings(path: string, options: HookInstallOptions): InstalledState {
  const { hooks } = readSettings(path)
  if (!mentionsUs(hooks)) return 'missing'
  const wanted = withOurHooks(hooks, currentHooks(options).hooks)
  return JSON.stringify(wanted) === JSON.stringify(hooks) ? 'current' : 'outdated'
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
