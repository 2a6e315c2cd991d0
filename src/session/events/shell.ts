/** What becomes of the commands that people run in the directory of a session. */
import { change, inTurn, stay, tell } from '../change.ts'
import { update } from '../conversation.ts'
import type { EventOf, EventRules } from '../rules.ts'

export const shellEvents = {
  shell_progressed(state, event, now) {
    const { requestId: id } = event
    return state.shells.includes(id) ? update(state, { id, toolOutput: shownOutput(event) }, now) : stay(state)
  },
  shell_finished(state, event, now) {
    const { requestId: id, stdout, stderr, exitCode, durationMs } = event
    if (!state.shells.includes(id)) return stay(state)
    const result = { id, toolOutput: shownOutput(event), isError: exitCode !== 0, durationMs }
    return inTurn(
      state,
      (current) => change(current, { shells: current.shells.filter((running) => running !== id) }),
      (current) => update(current, result, now),
      (current) =>
        stay(
          current,
          tell({
            type: 'shell_output',
            session_id: state.id,
            request_id: id,
            stdout,
            stderr,
            exit_code: exitCode,
            duration_ms: durationMs,
          }),
        ),
    )
  },
} satisfies Partial<EventRules>

/** Both streams as the conversation shows them: what went wrong comes last. */
function shownOutput({ stdout, stderr }: Pick<EventOf<'shell_finished'>, 'stdout' | 'stderr'>): string {
  return stdout === '' || stderr === '' || stdout.endsWith('\n') ? stdout + stderr : `${stdout}\n${stderr}`
}
