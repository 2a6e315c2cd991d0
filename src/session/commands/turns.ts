/** What clients say to an agent that the server runs. */
import { ask, inTurn, refuse, stay } from '../change.ts'
import { appendEchoing, newRow, rowId } from '../conversation.ts'
import type { AgentAction, Step } from '../effects.ts'
import { promptId } from '../prompt-id.ts'
import { prompt } from '../queue.ts'
import type { CommandRules } from '../rules.ts'
import type { SessionState } from '../state.ts'
import { workStatus } from '../view.ts'

export const turnCommands = {
  send_message: (state, { content, model, effort, skills, images, mentions }, now) =>
    withAgent(state, () =>
      prompt(state, { content, model: model ?? null, effort: effort ?? null, skills, images, mentions }, now),
    ),
  steer_turn: (state, { content }, now) =>
    withAgent(state, () => {
      const row = newRow({ id: rowId(state, promptId(state.id, state.nextSequence)), type: 'steer', content }, now)
      return inTurn(
        state,
        (current) => appendEchoing(current, 'prompt', row),
        (current) => stay(current, ask({ do: 'steer', messageId: row.id, content })),
      )
    }),
  interrupt_session: (state) => wish(state, { do: 'interrupt' }),
  compact_context: (state) => wish(state, { do: 'compact' }),
  undo_last_turn: (state) => atRest(state, { do: 'undo' }),
  rewind_files: (state, { user_message_id: messageId }) => atRest(state, { do: 'rewind', messageId }),
  rollback_turns: (state, { num_turns: turns }) =>
    turns === 0
      ? refuse(state, 'invalid_argument', 'At least one turn must be rolled back.')
      : atRest(state, { do: 'rollback', turns }),
} satisfies Partial<CommandRules>

/** Whether the server runs the agent of this session, now or on demand. */
export function isOurs({ integrationMode, phase }: SessionState): boolean {
  return integrationMode === 'direct' && phase.name !== 'ended'
}

function withAgent(state: SessionState, then: () => Step): Step {
  if (isOurs(state)) return then()
  return refuse(
    state,
    'not_found',
    `Session ${state.id} has no agent that this server runs: it can be watched, not driven.`,
  )
}

function wish(state: SessionState, action: AgentAction): Step {
  return withAgent(state, () => stay(state, ask(action)))
}

/** A wish that the agent cannot grant while it is at something. */
function atRest(state: SessionState, action: AgentAction): Step {
  return withAgent(state, () =>
    workStatus(state) === 'waiting' ? stay(state, ask(action)) : refuse(state, 'agent_busy'),
  )
}
