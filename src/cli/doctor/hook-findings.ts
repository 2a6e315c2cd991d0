/** The way of an event from Claude Code to the server: settings, hook script, curl, spool. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hookObstacles } from '../../install/hook-obstacles.ts'
import { curlOfHooks } from '../../install/hook-script.ts'
import { inspectHookScript, inspectSettings } from '../../install/hook-state.ts'
import { InstallError } from '../../install/install-error.ts'
import { claudeConfigDir, withoutCurl } from '../../install/install-hooks.ts'
import { shellWord } from '../../install/shell-quote.ts'
import type { InstallContext } from '../install-command.ts'
import { countSpool } from '../spool-count.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export async function hookFindings(context: InstallContext): Promise<readonly Finding[]> {
  const { home } = context
  const configDir = claudeConfigDir(context)
  const script = scriptFinding(context)
  const usual = join(home, '.claude')
  const others = usual !== configDir && existsSync(join(usual, 'settings.json')) ? [usual] : []
  return [
    script,
    curlFinding(context),
    // Without a script no hook can be right.
    ...(script.status === 'fail' ? [] : [configDir, ...others].map((directory) => settingsFinding(directory, context))),
    ...hookObstacles({ configDir, workingDir: process.cwd() }).map((text) => warn('hooks_blocked', text)),
    ...(await spoolFindings(context)),
  ]
}

function scriptFinding({ paths }: InstallContext): Finding {
  const { state, serverUrl } = inspectHookScript(paths)
  const target = serverUrl === null ? 'the socket of the data directory' : serverUrl
  const init =
    serverUrl === null ? 'orbitdock-server init' : `orbitdock-server init --server-url ${shellWord(serverUrl)}`
  if (state === 'missing') return fail('hook_script', `There is no hook script at ${paths.hookScript}.`, init)
  if (state === 'current') return ok('hook_script', `Hooks post to ${target}, by ${paths.hookScript}`)
  return warn('hook_script', `${paths.hookScript} is of another version.`, init)
}

function curlFinding({ paths, env }: InstallContext): Finding {
  const curl = curlOfHooks(env)
  return curl ? ok('curl', `Hooks use ${curl}`) : warn('curl', withoutCurl(paths), 'Install curl.')
}

function settingsFinding(configDir: string, context: InstallContext): Finding {
  const path = join(configDir, 'settings.json')
  const where = configDir === claudeConfigDir(context) ? '' : ` --settings-path ${shellWord(path)}`
  const install = `orbitdock-server install-hooks${where}`
  try {
    const state = inspectSettings(path, context)
    if (state === 'current') return ok('hooks', `Claude Code reports by ${path}`)
    if (state === 'outdated') return warn('hooks', `The hooks in ${path} are of another version.`, install)
    return warn('hooks', `Claude Code reports nothing: our hooks are not in ${path}.`, install)
  } catch (error) {
    if (error instanceof InstallError) return fail('hooks', error.message)
    throw error
  }
}

async function spoolFindings({ paths }: InstallContext): Promise<readonly Finding[]> {
  const { waiting, refused } = await countSpool(paths)
  const { serverUrl } = inspectHookScript(paths)
  const fetcher =
    serverUrl === null ? 'a server takes them when it starts' : `the next hooks bring them to ${serverUrl}`
  const queue =
    waiting === 0
      ? ok('spool', 'No event waits for the server')
      : warn('spool', `Events that wait in ${paths.spool}: ${waiting}; ${fetcher}.`)
  if (refused === 0) return [queue]
  return [
    queue,
    warn('spool_refused', `Events that were refused, each with the reason in ${paths.spoolFailed}: ${refused}.`),
  ]
}
