/** The older part of a long transcript, which is read after its newest one. */
import { change, keep, stay } from '../change.ts'
import { titleOf } from '../naming.ts'
import type { EventRules } from '../rules.ts'
import { isoTime } from '../times.ts'

export const pastEvents = {
  past_postponed: (state, { places, firstPrompt }) =>
    change(
      { ...state, nextSequence: state.nextSequence + places },
      { firstPrompt: state.firstPrompt ?? (firstPrompt === null ? null : titleOf(firstPrompt)) },
    ),
  past_told(state, { sequence, told }, now) {
    if (told.type === 'message_reported') {
      const { message } = told
      const toolCount = state.toolCount + (message.type === 'tool' ? 1 : 0)
      return change(state, { toolCount }, keep({ table: 'messages', put: message, sequence }))
    }
    const { type: _, ...patch } = told
    return stay(state, keep({ table: 'messages', patch, sequence, timestamp: isoTime(now) }))
  },
} satisfies Partial<EventRules>
