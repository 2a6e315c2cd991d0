/** What clients do with a session as a whole. */
import { ask, change, inTurn, stay } from '../change.ts'
import { end } from '../life.ts'
import { nameOf } from '../naming.ts'
import type { CommandRules } from '../rules.ts'
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
