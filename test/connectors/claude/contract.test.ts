/** The connector of Claude Code keeps the promises of connectors, with the scripted program and with the real ones. */
import { describe } from 'bun:test'
import { CLAUDE_VERSIONS, NO_CLAUDE_HERE } from '../../support/claude-binaries.ts'
import { skipUnless } from '../../support/skipped.ts'
import { connectorContract } from '../contract.ts'
import { realClaude, scriptedClaude } from './claude-worlds.ts'

connectorContract('a scripted claude', scriptedClaude)

describe.skipIf(skipUnless(!NO_CLAUDE_HERE, `the contract of connectors: ${NO_CLAUDE_HERE}`))(
  'the real program',
  () => {
    for (const version of CLAUDE_VERSIONS) connectorContract(`claude ${version}`, () => realClaude(version))
  },
)
