import { expect, test } from 'bun:test'
import { offeredBy } from '../../../src/connectors/claude/offered.ts'

test.each([
  [{ tokenSource: 'none', apiKeySource: 'ANTHROPIC_API_KEY', apiProvider: 'firstParty' }, 'api_key'],
  [
    { email: 'ada@example.com', subscriptionType: 'max', apiKeySource: 'none', apiProvider: 'firstParty' },
    'subscription',
  ],
  [{ tokenSource: 'CLAUDE_CODE_OAUTH_TOKEN', apiKeySource: 'none' }, 'subscription'],
  [{ apiProvider: 'bedrock', apiKeySource: 'none' }, 'bedrock'],
  [{ tokenSource: 'none', apiKeySource: 'none', apiProvider: 'firstParty' }, null],
  [undefined, null],
])('an account is told by its kind alone: %j', (account, kind) => {
  const offered = offeredBy({ account }, null)
  expect(offered.account).toBe(kind)
  expect(JSON.stringify(offered)).not.toContain('ada')
})

test('a model without efforts takes none, and a mode without limits is offered only where it was launched so', () => {
  const offered = offeredBy({ models: [{ value: 'haiku', displayName: 'Haiku' }, { displayName: 'nameless' }] }, 'plan')
  expect(offered.models).toEqual([{ value: 'haiku', display_name: 'Haiku', description: '', supported_efforts: [] }])
  expect(offered.permissionModes).not.toContain('bypassPermissions')
  expect(offeredBy({}, 'bypassPermissions').permissionModes).toContain('bypassPermissions')
})
