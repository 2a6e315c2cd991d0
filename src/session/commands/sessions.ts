/** What clients do with a session as a whole. */
import { BYPASS_MODE, PERMISSION_MODES } from '../../lib/claude-modes.ts'
import { ask, change, inTurn, refuse, stay } from '../change.ts'
import type { Step } from '../effects.ts'
import { end } from '../life.ts'
import { nameOf } from '../naming.ts'
import type { CommandRules } from '../rules.ts'
import type { SessionState } from '../state.ts'
import { isOurs } from './turns.ts'

export const sessionCommands = {
  end_session: (state, _message, now) =>
    inTurn(
      state,
      (current) => (isOurs(current) ? stay(current, ask({ do: 'end' })) : stay(current)),
      (current) => end(current, 'user_requested', now),
    ),
  rename_session(state, { name }, now) {
    const customName = name === undefined ? null : nameOf(name)
    const isForAgent = customName !== null && isOurs(state)
    return change(
      state,
      { customName, lastActivityAt: now },
      ...(isForAgent ? [ask({ do: 'rename', name: customName })] : []),
    )
  },
  update_session_config(state, message) {
    const approvalPolicy = message.approval_policy ?? null
    const sandboxMode = message.sandbox_mode ?? null
    const permissionMode = message.permission_mode ?? null
    const modes = modesOf(state)
    if (permissionMode !== null && modes && !modes.includes(permissionMode)) return noSuchMode(state, modes)
    return change(
      state,
      {
        approvalPolicy: approvalPolicy ?? state.approvalPolicy,
        sandboxMode: sandboxMode ?? state.sandboxMode,
        permissionMode: permissionMode ?? state.permissionMode,
      },
      ...(isOurs(state) ? [ask({ do: 'configure', approvalPolicy, sandboxMode, permissionMode })] : []),
    )
  },
} satisfies Partial<CommandRules>

/** The permission modes that the agent takes, as it offers them; null where nobody here drives it. */
function modesOf(state: SessionState): readonly string[] | null {
  if (state.provider !== 'claude' || !isOurs(state)) return null
  const { permissionModes = [] } = state.capabilities ?? {}
  return permissionModes.length > 0 ? permissionModes : PERMISSION_MODES
}

function noSuchMode(state: SessionState, modes: readonly string[]): Step {
  const hint = modes.includes(BYPASS_MODE) ? '' : ` A session has ${BYPASS_MODE} from its start or not at all.`
  return refuse(
    state,
    'invalid_argument',
    `This session takes one of these permission modes: ${modes.join(', ')}.${hint}`,
  )
}
