/** What Claude Code offers, as it answers to `initialize`: nothing of it says who is signed in. */
import { BYPASS_MODE, PERMISSION_MODES } from '../../lib/claude-modes.ts'
import { type JsonObject, listAt, objectAt, objectsAt, textAt } from '../../lib/json.ts'
import type { ClaudeModelOption } from '../../protocol/model/claude.ts'
import type { Capabilities } from '../../session/state.ts'

/** The answer to `initialize`; tools and skills are told with the first turn. `launchMode`: that it was launched with. */
export function offeredBy(initialized: JsonObject, launchMode: string | null): Partial<Capabilities> {
  return {
    slashCommands: namesAt(initialized, 'commands'),
    agents: namesAt(initialized, 'agents'),
    models: objectsAt(initialized, 'models').flatMap(modelOf),
    permissionModes: PERMISSION_MODES.filter((mode) => mode !== BYPASS_MODE || launchMode === BYPASS_MODE),
    account: accountKind(objectAt(initialized, 'account')),
  }
}

function namesAt(initialized: JsonObject, key: string): readonly string[] {
  return objectsAt(initialized, key).flatMap((named) => textAt(named, 'name') ?? [])
}

function modelOf(model: JsonObject): readonly ClaudeModelOption[] {
  const value = textAt(model, 'value')
  if (value === null) return []
  return [
    {
      value,
      display_name: textAt(model, 'displayName') ?? value,
      description: textAt(model, 'description') ?? '',
      supported_efforts: listAt(model, 'supportedEffortLevels').filter((level) => typeof level === 'string'),
    },
  ]
}

/** Clouds have accounts of their own; a key outranks a subscription. */
function accountKind(account: JsonObject): string | null {
  const told = (key: string) => ![null, '', 'none'].includes(textAt(account, key))
  const provider = textAt(account, 'apiProvider')
  if (provider !== null && provider !== 'firstParty') return provider
  if (told('apiKeySource')) return 'api_key'
  return told('subscriptionType') || told('tokenSource') ? 'subscription' : null
}
