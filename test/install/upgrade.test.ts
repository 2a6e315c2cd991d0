/** From a machine on which the original runs to ours, with sessions that go on meanwhile. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataPaths } from '../../src/lib/data-paths.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import { TestServer } from '../support/test-server.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

let home = temporaryHome()
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home[Symbol.dispose]())

const paths = () => dataPaths(join(home.path, '.orbitdock'))
const settings = () => join(home.path, '.claude', 'settings.json')
const foreign = { matcher: 'Bash', hooks: [{ type: 'command', command: '/usr/local/bin/audit.sh', timeout: 3 }] }

/** What the original has left: its script, which knows no event ids, its settings entries, a spooled event, its pid file. */
function leaveOriginal(port: number): void {
  const { root, hookScript, spool, pidFile } = paths()
  mkdirSync(spool, { recursive: true })
  chmodSync(root, 0o755)
  const lines = [
    '#!/bin/bash',
    `body=$(sed "s/^{/{\\"type\\":\\"$1\\",/")`,
    `curl -s -o /dev/null --max-time 5 -H 'Content-Type: application/json' -d "$body" http://127.0.0.1:${port}/api/hook`,
    `[ $? = 0 ] || printf '%s\\n' "$body" > "${spool}/$(date +%s)-$$.json"`,
    'exit 0',
  ]
  writeFileSync(hookScript, `${lines.join('\n')}\n`, { mode: 0o755 })
  const entry = (type: string) => ({ hooks: [{ type: 'command', command: `${hookScript} ${type}`, async: true }] })
  const hooks = {
    UserPromptSubmit: [entry('claude_status_event')],
    PreToolUse: [foreign, entry('claude_tool_event')],
    TeammateIdle: [entry('claude_status_event')],
  }
  mkdirSync(join(home.path, '.claude'))
  writeFileSync(settings(), JSON.stringify({ model: 'opus', hooks }, null, 2))
  const spooled = {
    type: 'claude_status_event',
    session_id: 'spooled',
    cwd: '/proj',
    hook_event_name: 'UserPromptSubmit',
  }
  writeFileSync(join(spool, '1770000000-4242.json'), `${JSON.stringify({ ...spooled, prompt: 'while nobody ran' })}\n`)
  writeFileSync(pidFile, `${2 ** 22 + 1}`)
}

/** Runs the hook of an event as the settings of Claude name it. */
async function claudeReports(sessionId: string): Promise<void> {
  const { hooks } = JSON.parse(readFileSync(settings(), 'utf8'))
  const [entry, ...more] = hooks.UserPromptSubmit
  expect(more).toEqual([])
  const payload = { session_id: sessionId, cwd: '/proj', hook_event_name: 'UserPromptSubmit', prompt: 'go on' }
  const hook = Bun.spawn(['sh', '-c', entry.hooks[0].command], {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home.path },
    stdin: new TextEncoder().encode(JSON.stringify(payload)),
  })
  expect(await hook.exited).toBe(0)
}

async function sessionIds(server: TestServer): Promise<readonly string[]> {
  const client = await server.client()
  return (await client.followList()).map(({ id }) => id).sort()
}

const waiting = () => readdirSync(paths().spool).filter((name) => name.endsWith('.json'))

test('the script and the entries of the original serve until init and install-hooks have replaced them', async () => {
  await using server = await TestServer.prepare({ home: home.path })
  leaveOriginal(server.port)
  await server.start()
  await claudeReports('by-the-old-script')
  expect(await sessionIds(server)).toEqual(['by-the-old-script', 'spooled'])
  expect(waiting()).toEqual([])

  const warnings = async () => JSON.parse(await server.run('status', '--json')).warnings
  expect(await warnings()).toEqual([expect.stringContaining('The hook script is of another version')])

  // Claudes that run keep calling the same path until they have read the settings anew.
  await server.run('init')
  expect(await warnings()).toEqual([])
  await claudeReports('by-the-new-script-under-the-old-name')
  await server.run('install-hooks')
  await claudeReports('by-the-new-entry')
  expect(await sessionIds(server)).toEqual([
    'by-the-new-entry',
    'by-the-new-script-under-the-old-name',
    'by-the-old-script',
    'spooled',
  ])
  const { model, hooks } = JSON.parse(readFileSync(settings(), 'utf8'))
  expect(model).toBe('opus')
  expect(hooks.PreToolUse).toEqual([foreign, expect.anything()])
  expect(hooks.TeammateIdle).toBeUndefined()
  expect(JSON.stringify(hooks)).not.toContain('async')
})

test('what happens while neither of them runs is there afterwards, whichever script has kept it', async () => {
  await using server = await TestServer.prepare({ home: home.path })
  leaveOriginal(server.port)
  await claudeReports('kept-by-the-old-script')
  await server.run('init')
  await claudeReports('kept-by-the-new-script')
  expect(waiting()).toHaveLength(3)
  await server.start()
  expect(await sessionIds(server)).toEqual(['kept-by-the-new-script', 'kept-by-the-old-script', 'spooled'])
  expect(waiting()).toEqual([])
})
