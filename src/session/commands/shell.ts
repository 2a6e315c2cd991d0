/** Commands that people run in the directory of a session. */
import { change, inTurn, refuse, shell, stay, tell } from '../change.ts'
import { append, newRow, rowId } from '../conversation.ts'
import { SHELL_COMMAND_CHARS_MAX, SHELL_SECONDS_MAX, SHELLS_MAX } from '../limits.ts'
import type { CommandRules } from '../rules.ts'

export const shellCommands = {
  execute_shell(state, { command, cwd = null, timeout_secs: seconds }, now) {
    if (state.shells.length >= SHELLS_MAX)
      return refuse(state, 'rate_limited', `${SHELLS_MAX} commands are running in this session; wait for one of them.`)
    if (command.length > SHELL_COMMAND_CHARS_MAX)
      return refuse(state, 'invalid_argument', `A command has at most ${SHELL_COMMAND_CHARS_MAX} characters.`)
    const requestId = rowId(state, `shell:${state.nextSequence}`)
    const timeoutMs = Math.min(seconds, SHELL_SECONDS_MAX) * 1000
    return inTurn(
      state,
      (current) =>
        change(
          current,
          { shells: [...current.shells, requestId] },
          tell({ type: 'shell_started', session_id: state.id, request_id: requestId, command }),
        ),
      (current) => append(current, newRow({ id: requestId, type: 'shell', content: command }, now)),
      (current) => stay(current, shell({ do: 'run', requestId, command, cwd, timeoutMs })),
    )
  },
} satisfies Partial<CommandRules>
