/** Claude's settings before and after `install-hooks`. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HookInstallOptions, installHooks, uninstallHooks } from '../../src/install/install-hooks.ts'
import { dataPaths } from '../../src/lib/data-paths.ts'

let root: string
let settings: string
let options: HookInstallOptions
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'orbitdock-')))
  settings = join(root, '.claude', 'settings.json')
  mkdirSync(join(root, '.claude'))
  options = optionsFor('.orbitdock')
})
afterEach(() => rmSync(root, { recursive: true }))

function optionsFor(dataDir: string): HookInstallOptions {
  const paths = dataPaths(join(root, dataDir))
  mkdirSync(paths.root, { recursive: true })
  writeFileSync(paths.hookScript, '')
  return { paths, home: root, env: {} }
}

const write = (text: string) => writeFileSync(settings, text)
const read = () => readFileSync(settings, 'utf8')
const hooks = () => JSON.parse(read()).hooks
const foreign = { type: 'command', command: '/usr/local/bin/my-hook.sh claude_tool_event', timeout: 1.5 }
const ours = (argument: string, timeout = 5) => ({
  type: 'command',
  command: `exec ${options.paths.hookScript} ${argument}`,
  timeout,
})

/** What versions of the original have left in people's settings. */
const EARLIER_COMMANDS = [
  '/Users/me/.orbitdock/hook.sh claude_tool_event',
  '/Users/me/My Data/hook.sh claude_tool_event',
  '~/.orbitdock/hook.sh claude_tool_event',
  '"$HOME/.orbitdock/hook.sh" claude_tool_event',
  "'/srv/a dir/hook.sh' claude_tool_event ask",
  "exec '/srv/it'\\''s/hook.sh' claude_tool_event",
  'orbitdock hook-forward claude_tool_event',
  '/Users/me/.orbitdock/bin/orbitdock-server hook-forward claude_tool_event',
  '"/Users/me/My Apps/orbitdock" hook-forward claude_tool_event --spool',
]
const FOREIGN_COMMANDS = [
  '/usr/local/bin/my-hook.sh claude_tool_event',
  '/opt/tool/hook.sh',
  '/opt/tool/hook.sh --event stop',
  'notify-send hook.sh claude_tool_event',
  '/opt/run.sh /home/me/.orbitdock/hook.sh claude_tool_event && echo done',
  'orbitdock session list',
  'echo orbitdock hook-forward claude_tool_event',
]

describe('install-hooks', () => {
  test('registers the script for every event in use, in its own process and within limits', () => {
    const lines = installHooks(options)
    expect(lines[0]).toBe(`  Updated ${settings}`)
    expect(lines.filter((line) => line.startsWith('  + hooks.')).length).toBe(18)
    expect(Object.keys(hooks()).sort()).toEqual([
      'CwdChanged',
      'Elicitation',
      'Notification',
      'PermissionDenied',
      'PermissionRequest',
      'PostCompact',
      'PostToolBatch',
      'PostToolUse',
      'PostToolUseFailure',
      'PreCompact',
      'PreToolUse',
      'SessionEnd',
      'SessionStart',
      'Stop',
      'StopFailure',
      'SubagentStart',
      'SubagentStop',
      'UserPromptSubmit',
    ])
    expect(hooks()).toMatchObject({
      SessionStart: [{ hooks: [ours('claude_session_start')] }],
      SessionEnd: [{ hooks: [ours('claude_session_end')] }],
      Stop: [{ hooks: [ours('claude_status_event')] }],
      PermissionRequest: [{ hooks: [ours('claude_tool_event ask', 86_400)] }],
      SubagentStop: [{ hooks: [ours('claude_subagent_event')] }],
    })
    expect(statSync(settings).mode & 0o777).toBe(0o600)
  })

  test('changes nothing the second time', () => {
    installHooks(options)
    const [text, { mtimeMs, ino }] = [read(), statSync(settings)]
    expect(installHooks(options)).toEqual([`  Nothing to change in ${settings}`])
    expect(read()).toBe(text)
    expect(statSync(settings)).toMatchObject({ mtimeMs, ino })
  })

  test.each(EARLIER_COMMANDS)('replaces %s, so that nothing arrives twice', (command) => {
    const entry = { hooks: [{ type: 'command', command, async: true }] }
    write(
      JSON.stringify({ hooks: { PreToolUse: [{ hooks: [foreign] }, entry, { matcher: 'Bash', hooks: [foreign] }] } }),
    )
    expect(installHooks(options)).toContain('  ~ hooks.PreToolUse')
    expect(hooks().PreToolUse).toEqual([
      { hooks: [foreign] },
      { hooks: [ours('claude_tool_event')] },
      { matcher: 'Bash', hooks: [foreign] },
    ])
  })

  test.each(FOREIGN_COMMANDS)('keeps %s', (command) => {
    const entry = { matcher: '*', hooks: [{ type: 'command', command }] }
    write(JSON.stringify({ hooks: { PreToolUse: [entry] } }))
    installHooks(options)
    expect(hooks().PreToolUse).toEqual([entry, { hooks: [ours('claude_tool_event')] }])
  })

  test('keeps what shares an entry with a hook of the original', () => {
    const old = { type: 'command', command: '/home/me/.orbitdock/hook.sh claude_tool_event', async: true }
    write(
      JSON.stringify({
        hooks: {
          PostToolUse: [{ matcher: 'Edit', hooks: [old, foreign, old] }, { command: old.command }, { hooks: [old] }],
          TeammateIdle: [{ hooks: [{ type: 'command', command: 'orbitdock hook-forward claude_status_event' }] }],
          Stop: [],
        },
      }),
    )
    const lines = installHooks(options)
    expect(lines).toContain('  ~ hooks.PostToolUse')
    expect(lines).toContain('  - hooks.TeammateIdle')
    expect(hooks().PostToolUse).toEqual([{ matcher: 'Edit', hooks: [foreign] }, { hooks: [ours('claude_tool_event')] }])
    expect(hooks().TeammateIdle).toBeUndefined()
    expect(hooks().Stop).toEqual([{ hooks: [ours('claude_status_event')] }])
  })

  test('quotes the path of the script only where a shell wants it', () => {
    options = optionsFor("it's a dir")
    installHooks(options)
    const { command } = hooks().SessionEnd[0].hooks[0]
    expect(command).toBe(`exec '${root}/it'\\''s a dir/hook.sh' claude_session_end`)
    expect(installHooks(options)).toEqual([`  Nothing to change in ${settings}`])
  })

  test('leaves out what would make an old Claude Code ignore all settings', () => {
    const claude = join(root, '.local/bin/claude')
    mkdirSync(join(root, '.local/bin'), { recursive: true })
    const version = (text: string) => {
      writeFileSync(claude, `#!/bin/sh\necho '${text}'\n`)
      chmodSync(claude, 0o755)
    }
    version('2.1.44 (Claude Code)')
    expect(installHooks(options).at(-1)).toContain('Claude Code 2.1.44 does not know all events')
    expect(hooks().StopFailure).toBeUndefined()
    expect(Object.keys(hooks()).length).toBe(12)
    version('2.1.197 (Claude Code)')
    expect(installHooks(options)).toContain('  + hooks.StopFailure')
  })
})

describe('the settings file', () => {
  const STYLES: readonly (readonly [what: string, text: string])[] = [
    ['two spaces', '{\n  "zeta": 1.0,\n  "alpha": [1,2],\n  "2": "a\\u00e9\\/",\n  "1": 12345678901234567890\n}\n'],
    ['four spaces', '{\n    "model": "opus"\n}'],
    ['tabs', '{\n\t"model": "opus",\n\t"env": { "A": "b" }\n}\n'],
    ['CRLF', '{\r\n  "model": "opus"\r\n}\r\n'],
    ['one line', '{"model":"opus","permissions":{"allow":["Bash(ls:*)"]}}'],
    ['nothing in it', '{}'],
    ['white space', ' \n{ }\n\n'],
    ['hooks of others', '{\n  "hooks": {\n    "Stop": [{ "hooks": [] }]\n  },\n  "model": "opus"\n}\n'],
  ]

  test.each(STYLES)('keeps its own bytes: %s', (_, text) => {
    write(text)
    installHooks(options)
    const own = text.replace(/\s*[{}]\s*$|^\s*\{\s*/g, '')
    if (!text.includes('hooks')) expect(read()).toContain(own)
    expect(JSON.parse(read())).toMatchObject({ ...JSON.parse(text), hooks: {} })
    expect(read().includes('\r\n')).toBe(text.includes('\r\n'))
    expect(/[^\r]\n/.test(read())).toBe(!text.includes('\r\n') && !text.startsWith('{"'))
    uninstallHooks(options)
    if (text.includes('hooks')) expect(JSON.parse(read())).toEqual(JSON.parse(text))
    else expect(read().replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
    if (own !== '' && !text.includes('hooks')) expect(read()).toBe(text)
  })

  test('is indented as it was', () => {
    write('{\n\t"model": "opus"\n}\n')
    installHooks(options)
    expect(read()).toStartWith(
      '{\n\t"model": "opus",\n\t"hooks": {\n\t\t"SessionStart": [\n\t\t\t{\n\t\t\t\t"hooks": [',
    )
    expect(read()).toEndWith('\n\t}\n}\n')
  })

  test('keeps its mode and the link that leads to it, and is copied once before the first change', () => {
    const target = join(root, 'dotfiles.json')
    writeFileSync(target, '{"model":"opus"}')
    chmodSync(target, 0o640)
    symlinkSync('../dotfiles.json', settings)
    expect(installHooks(options).at(-1)).toBe(`  The file as it was: ${settings}.bak`)
    expect(lstatSync(settings).isSymbolicLink()).toBe(true)
    expect(statSync(target).mode & 0o777).toBe(0o640)
    expect(JSON.parse(readFileSync(target, 'utf8')).hooks.Stop).toBeArray()
    uninstallHooks(options)
    expect(readFileSync(`${settings}.bak`, 'utf8')).toBe('{"model":"opus"}')
    expect(readdirSync(join(root, '.claude')).sort()).toEqual(['settings.json', 'settings.json.bak'])
  })

  test('is made where it is missing, also behind a link', () => {
    symlinkSync(join(root, 'elsewhere', 'settings.json'), settings)
    installHooks(options)
    expect(JSON.parse(readFileSync(join(root, 'elsewhere', 'settings.json'), 'utf8')).hooks.Stop).toBeArray()
  })

  test('is the one that Claude reads, or the one that is named', () => {
    installHooks({ ...options, env: { CLAUDE_CONFIG_DIR: join(root, 'config') } })
    expect(existsSync(join(root, 'config', 'settings.json'))).toBe(true)
    installHooks({ ...options, settingsPath: join(root, 'project.json') })
    expect(existsSync(join(root, 'project.json'))).toBe(true)
    expect(existsSync(settings)).toBe(false)
  })

  test('with a byte order mark, or empty, is understood', () => {
    for (const text of ['\uFEFF{"model":"opus"}', '', ' \n']) {
      write(text)
      installHooks(options)
      expect(hooks().Stop).toBeArray()
    }
  })

  const REFUSED: readonly (readonly [text: string, complaint: string])[] = [
    ['{\n  "a": tru\n}', 'line 2, column 8 is not valid JSON'],
    ['{\n  // mine\n  "a": 1\n}', 'line 2, column 3 is a comment, with which Claude Code ignores the whole file'],
    ['{"a": 1 /* b */}', 'line 1, column 9 is a comment'],
    ['{"a": 1,}', 'line 1, column 9 is not valid JSON'],
    ['{"a": "b\n"}', 'line 1, column 7 is not valid JSON'],
    ['{"a": 1} x', 'line 1, column 10 is not valid JSON'],
    ['{"a": 01}', 'line 1, column 8 is not valid JSON'],
    ['{"a"', 'line 1, column 5 is not valid JSON'],
    ['[]', 'holds no JSON object'],
    ['{"hooks": []}', '"hooks" in'],
    ['{"hooks": null}', '"hooks" in'],
    ['{"hooks": {"Stop": {}}}', '"hooks.Stop" in'],
  ]
  test.each(REFUSED)('is left as it is when it holds %j', (text, complaint) => {
    write(text)
    expect(() => installHooks(options)).toThrow(complaint)
    expect(() => installHooks(options)).toThrow('Nothing was changed.')
    expect(read()).toBe(text)
    expect(existsSync(`${settings}.bak`)).toBe(false)
  })

  test('that cannot be read or written is named with the reason', () => {
    mkdirSync(settings)
    expect(() => installHooks(options)).toThrow(`Cannot read ${settings}: EISDIR`)
    const nowhere = join(options.paths.hookScript, 'settings.json')
    expect(() => installHooks({ ...options, settingsPath: nowhere })).toThrow(/Cannot (read|write) .*ENOTDIR/)
  })

  test('is not touched before init', () => {
    rmSync(options.paths.hookScript)
    expect(() => installHooks(options)).toThrow('Run "orbitdock-server init" first.')
    expect(existsSync(settings)).toBe(false)
  })
})

describe('install-hooks --uninstall', () => {
  test('takes out what is ours and leaves no empty shells', () => {
    const text = `${JSON.stringify({ hooks: { Stop: [{ matcher: '', hooks: [foreign] }], Setup: [] } }, null, 2)}\n`
    write(text)
    installHooks(options)
    const lines = uninstallHooks(options)
    expect(lines).toContain('  - hooks.SessionStart')
    expect(read()).toBe(text)
    expect(uninstallHooks(options)).toEqual([`  Nothing to change in ${settings}`])
  })

  test('needs no script, and no settings', () => {
    rmSync(options.paths.hookScript)
    expect(uninstallHooks(options)).toEqual([`  Nothing to change in ${settings}`])
    expect(existsSync(settings)).toBe(false)
  })
})
