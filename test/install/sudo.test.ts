/** Set-ups by root on behalf of somebody else. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chownSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { userName } from '../../src/install/ownership.ts'
import { checkSudo } from '../../src/install/sudo.ts'
import { runCli } from '../support/cli-run.ts'
import { IS_ROOT, skipUnless } from '../support/skipped.ts'
import { temporaryHome } from '../support/temporary-home.ts'

let home = temporaryHome()
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home[Symbol.dispose]())

const me = process.getuid?.() ?? 0
const check = (env: Readonly<Record<string, string>>, uid = 0, dataDir = join(home.path, '.orbitdock')) =>
  checkSudo({ dataDir, env, uid })

test('nobody is bothered who is not root, or is root without sudo', () => {
  expect(check({ SUDO_UID: '1234' }, 1234)).toBeNull()
  expect(check({})).toBeNull()
  expect(check({ SUDO_UID: '' })).toBeNull()
  expect(check({ SUDO_UID: '0' })).toBeNull()
})

test('by sudo, whose set-up it becomes is said', () => {
  const warning = check({ SUDO_UID: `${me + 1_234}` })
  expect(warning).toContain(`this is for root, with its data in ${home.path}/.orbitdock`)
  expect(warning).toContain(`Without sudo it is for user ${me + 1_234}.`)
})

describe.skipIf(skipUnless(IS_ROOT, 'in the home of the one who called sudo: needs root'))(
  'in the home of the one who called sudo',
  () => {
    const NOBODY = 65_534
    const user = userName(NOBODY)

    test.each(['init', 'install-hooks', 'generate-token', 'install-service', 'start'])(
      '%s leaves nothing',
      async (name) => {
        chownSync(home.path, NOBODY, NOBODY)
        const { code, stderr } = await runCli([name], { home: home.path, env: { SUDO_UID: `${NOBODY}` } })
        expect([code, stderr]).toEqual([
          1,
          `error: ${home.path}/.orbitdock is for ${user}, whom files of root would lock out. Run this again without sudo, as ${user}.\n`,
        ])
        expect(['.orbitdock', '.claude', '.config'].filter((made) => existsSync(join(home.path, made)))).toEqual([])
      },
    )

    test('init goes on where the data are of root', async () => {
      const data = join(home.path, 'data')
      chownSync(home.path, NOBODY, NOBODY)
      mkdirSync(data)
      const { code, stderr } = await runCli(['init', '--data-dir', data], {
        home: home.path,
        env: { SUDO_UID: `${NOBODY}` },
      })
      expect([code, stderr]).toEqual([0, expect.stringContaining('warning: by sudo, this is for root')])
    })
  },
)
