/** Claude's settings before and after `install-hooks`. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  chownSync,
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
import { hookObstacles } from '../../src/install/hook-obstacles.ts'
import { type HookInstallOptions, installHooks, printHooks, uninstallHooks } from '../../src/install/install-hooks.ts'
import { dataPaths } from '../../src/lib/data-paths.ts'
import { IS_ROOT, skipUnless } from '../support/skipped.ts'

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
  return { paths, home: root, env: {}, managedDir: join(root, 'managed') }
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
    expect(lstatSync(settings).isSymbolicLink()).toBe(true)
  })

  test('may be for reading only: it is replaced, and stays so', () => {
    write('{"model":"opus"}')
    chmodSync(settings, 0o400)
    installHooks(options)
    expect(hooks().Stop).toBeArray()
    expect(statSync(settings).mode & 0o777).toBe(0o400)
  })

  test('is the one that Claude reads, or the one that is named', () => {
    installHooks({ ...options, env: { CLAUDE_CONFIG_DIR: join(root, 'config') } })
    expect(existsSync(join(root, 'config', 'settings.json'))).toBe(true)
    installHooks({ ...options, settingsPaths: [join(root, 'project.json')] })
    expect(existsSync(join(root, 'project.json'))).toBe(true)
    expect(existsSync(settings)).toBe(false)
  })

  test('of every configuration directory can be named', () => {
    const named = ['one', 'two'].map((name) => join(root, name, 'settings.json'))
    installHooks({ ...options, settingsPaths: named })
    for (const path of named) expect(JSON.parse(readFileSync(path, 'utf8')).hooks.Stop).toBeArray()
    uninstallHooks({ ...options, settingsPaths: named })
    for (const path of named) expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({})
  })

  test('of Claudes that run without CLAUDE_CONFIG_DIR is told of, where it needs the same', () => {
    const there = { ...options, env: { CLAUDE_CONFIG_DIR: join(root, 'config') } }
    write('{}')
    expect(installHooks(there).join('\n')).toContain(`orbitdock-server install-hooks --settings-path ${settings}`)
    installHooks(options)
    expect(installHooks(there).join('\n')).not.toContain(settings)
    expect(uninstallHooks(there).at(-1)).toBe(
      `    orbitdock-server install-hooks --uninstall --settings-path ${settings}`,
    )
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
    expect(() => installHooks({ ...options, settingsPaths: [nowhere] })).toThrow(/Cannot (read|write) .*ENOTDIR/)
  })

  test('is not touched before init', () => {
    rmSync(options.paths.hookScript)
    expect(() => installHooks(options)).toThrow('Run "orbitdock-server init" first.')
    expect(existsSync(settings)).toBe(false)
  })
})

describe.skipIf(skipUnless(IS_ROOT, 'settings that belong to root: only root can make them'))(
  'settings that belong to root',
  () => {
    const NOBODY = 65_534
    /** Runs in a process of its own, since one cannot become root again. */
    function asNobody(work: string): string {
      const module = join(import.meta.dir, '..', '..', 'src', 'install', 'install-hooks.ts')
      const code = `process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY})
      const { ${work} } = await import(${JSON.stringify(module)})
      try { console.log(${work}(${JSON.stringify(options)}).join('\\n')) } catch (error) { console.log(error.message) }`
      return Bun.spawnSync([process.execPath, '-e', code], { env: {}, cwd: '/' }).stdout.toString()
    }

    test('become the user’s own where they can be read, and are named with the cure where not', () => {
      for (const path of [root, join(root, '.claude'), options.paths.root]) chownSync(path, NOBODY, NOBODY)
      write('{"model":"opus"}')
      chmodSync(settings, 0o600)
      expect(asNobody('installHooks')).toContain(
        `Cannot read ${settings}: EACCES: permission denied, open '${settings}'. ${settings} belongs to root; to make it yours: sudo chown -R `,
      )
      chmodSync(settings, 0o644)
      expect(asNobody('installHooks')).toContain(`Updated ${settings}`)
      expect(statSync(settings)).toMatchObject({ uid: NOBODY })
      expect(statSync(settings).mode & 0o777).toBe(0o644)
    })

    test('stay as they are in a directory that cannot be written, with no copy left behind', () => {
      for (const path of [root, join(root, '.claude'), options.paths.root]) chownSync(path, NOBODY, NOBODY)
      const store = join(root, 'store')
      mkdirSync(store)
      writeFileSync(join(store, 'settings.json'), '{"model":"opus"}')
      symlinkSync(join(store, 'settings.json'), settings)
      const said = asNobody('installHooks')
      expect(said).toContain(`(${settings} is a link to it.) Nothing was changed.`)
      expect(said).toContain('install-hooks --print')
      expect(readdirSync(join(root, '.claude'))).toEqual(['settings.json'])
      expect(readdirSync(store)).toEqual(['settings.json'])
    })

    test('that root changes stay the user’s', () => {
      write('{"model":"opus"}')
      chownSync(settings, NOBODY, NOBODY)
      installHooks(options)
      expect(statSync(settings)).toMatchObject({ uid: NOBODY, gid: NOBODY })
    })
  },
)

describe('hooks that will not run', () => {
  const managed = (name: string, value: unknown) => {
    mkdirSync(join(root, 'managed', 'managed-settings.d'), { recursive: true })
    writeFileSync(join(root, 'managed', name), JSON.stringify(value))
    return join(root, 'managed', name)
  }
  const warnings = () => installHooks(options).filter((line) => line.startsWith('  warning: '))

  test('because all are switched off, are told of with the file that does it', () => {
    write('{"disableAllHooks":true}')
    expect(warnings()).toEqual([expect.stringContaining(`${settings} switches all hooks off ("disableAllHooks")`)])
    expect(warnings()[0]).toContain('prompts are answered in the terminal only')
    write('{"disableAllHooks":false}')
    expect(warnings()).toEqual([])
  })

  test('because of the settings of a project, are told of in that project', () => {
    const project = join(root, 'project')
    mkdirSync(join(project, '.claude'), { recursive: true })
    const file = join(project, '.claude', 'settings.local.json')
    const places = { configDir: join(root, '.claude'), workingDir: project, managedDir: join(root, 'managed') }
    expect(hookObstacles(places)).toEqual([])
    writeFileSync(file, '{"disableAllHooks":true}')
    expect(hookObstacles(places)).toEqual([expect.stringContaining(file)])
    expect(hookObstacles({ ...places, workingDir: root })).toEqual([])
  })

  test.each(['managed-settings.json', 'managed-settings.d/50-hooks.json'])('because of %s, are told of', (name) => {
    const file = managed(name, { allowManagedHooksOnly: true })
    expect(warnings()).toEqual([expect.stringContaining(`${file} lets only hooks of an administrator run`)])
    managed(name, { disableAllHooks: true })
    expect(warnings()).toEqual([expect.stringContaining(`${file}, of an administrator, switches all hooks off`)])
  })

  test('because of rules that an organisation sends, are told of', () => {
    writeFileSync(join(root, '.claude', 'remote-settings.json'), '{"allowManagedHooksOnly":true}')
    expect(warnings()).toEqual([expect.stringContaining('remote-settings.json')])
  })

  test('run when an administrator has put them there', () => {
    const [printed = ''] = printHooks(options)
    managed('managed-settings.json', { allowManagedHooksOnly: true, ...JSON.parse(printed) })
    expect(warnings()).toEqual([])
    installHooks(options)
    expect(JSON.parse(printed).hooks).toEqual(hooks())
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
