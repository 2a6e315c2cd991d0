/** How a new session's agent is set up. */
import type { ArgsDef } from 'citty'

/** As typed, and as Claude names them. */
const PERMISSION_MODES = {
  default: 'default',
  'accept-edits': 'acceptEdits',
  plan: 'plan',
  'dont-ask': 'dontAsk',
  auto: 'auto',
  'bypass-permissions': 'bypassPermissions',
} as const

/** As people type them. */
export const PERMISSION_MODE_NAMES: readonly string[] = Object.keys(PERMISSION_MODES)

export const agentOptions = {
  model: { type: 'string', valueHint: 'NAME', description: 'Model; the default of the agent without it' },
  'permission-mode': {
    type: 'enum',
    options: [...PERMISSION_MODE_NAMES],
    description: 'Claude: what it may do without asking',
  },
  'allowed-tools': { type: 'string', valueHint: 'NAME,NAME', description: 'Claude: tools it may use without asking' },
  'disallowed-tools': { type: 'string', valueHint: 'NAME,NAME', description: 'Claude: tools it may not use' },
  'approval-policy': { type: 'string', valueHint: 'POLICY', description: 'Codex: when it asks' },
  sandbox: { type: 'string', valueHint: 'MODE', description: 'Codex: what its commands may reach' },
} as const satisfies ArgsDef

/** The mode in the words of the wire. */
export function permissionModeOf(typed: string | undefined): string | undefined {
  return PERMISSION_MODES[typed as keyof typeof PERMISSION_MODES]
}
