/** The tests of this folder run against exactly the versions they name. */
import { describe, expect, test } from 'bun:test'
import { CLAUDE_VERSIONS, claudeBinary, NO_CLAUDE_HERE } from '../support/claude-binaries.ts'
import { skipUnless } from '../support/skipped.ts'

describe('the real claude', () => {
  test.skipIf(skipUnless(!NO_CLAUDE_HERE, `the installed versions: ${NO_CLAUDE_HERE}`)).each(CLAUDE_VERSIONS)(
    '%s is installed and says so',
    (version) => {
      const { exitCode, stdout } = Bun.spawnSync([claudeBinary(version), '--version'], {
        env: { HOME: '/nonexistent' },
      })
      expect(`${stdout}`.trim()).toBe(`${version} (Claude Code)`)
      expect(exitCode).toBe(0)
    },
  )
})
