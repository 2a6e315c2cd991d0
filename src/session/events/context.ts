/** What happens to the context of the agent: compaction, undo, rollback. And what could not be done. */
import { change, inTurn, keep, stay, tell } from '../change.ts'
import {
  append,
  appendAside,
  appendEchoing,
  appendFailure,
  COMPACTED,
  compactedOnce,
  newRow,
  rowId,
} from '../conversation.ts'
import { COMPACTION_ECHO_MS } from '../limits.ts'
import { lastMessageOf, titleOf } from '../naming.ts'
import type { EventRules } from '../rules.ts'
import { atWork, endTurn } from '../turn.ts'

export const contextEvents = {
  compaction_started: (state) => stay(atWork(state)),
  context_compacted(state, { row, transcribed }, now) {
    if (state.compactedAt !== null && now - state.compactedAt < COMPACTION_ECHO_MS) return stay(state)
    if (row && state.recentIds.includes(row.id)) return stay(state)
    if (transcribed) return change(state, { awaitedCompaction: true })
    const id = rowId(state, `compacted:${state.nextSequence}`)
    const compacted = newRow({ id, type: 'assistant', content: COMPACTED, ...row }, now)
    return inTurn(
      { ...state, ...compactedOnce(state, now), inputTokens: 0, cachedTokens: 0 },
      (current) => stay(current, tell({ type: 'context_compacted', session_id: state.id })),
      (current) => (row ? append(current, compacted) : appendEchoing(current, 'compaction', compacted)),
    )
  },
  undo_started: (state, { message }) =>
    stay(atWork(state), tell({ type: 'undo_started', session_id: state.id, ...given(message) })),
  undo_completed: (state, { success, message }, now) =>
    inTurn(
      state,
      (current) => endTurn(current, now, success ? 'completed' : 'stopped'),
      (current) => stay(current, tell({ type: 'undo_completed', session_id: state.id, success, ...given(message) })),
    ),
  thread_rolled_back: (state, { turns }, now) =>
    inTurn(
      state,
      (current) => endTurn(current, now, 'completed'),
      (current) => stay(current, tell({ type: 'thread_rolled_back', session_id: state.id, num_turns: turns })),
    ),
  turns_dropped(state, { from, lastMessage, notice }, now) {
    const row = newRow({ id: rowId(state, `dropped:${state.nextSequence}`), type: 'assistant', content: notice }, now)
    const kept = {
      ...state,
      currentPlan: null,
      echoSources: [],
      lastMessage: lastMessage === null ? null : lastMessageOf(lastMessage),
      lastMessageId: null,
    }
    // The row also keeps the places taken: ids of prompts come from them, and the agent reads each only once.
    return inTurn(
      kept,
      (current) => stay(current, keep({ table: 'history', removeFrom: from })),
      (current) => appendAside(current, row),
    )
  },
  history_copied: (state, { sessionId, before, firstPrompt, lastMessage, prompts }) =>
    change(
      state,
      {
        nextSequence: Math.max(before, state.nextSequence),
        firstPrompt: firstPrompt === null ? state.firstPrompt : titleOf(firstPrompt),
        lastMessage: lastMessage === null ? state.lastMessage : lastMessageOf(lastMessage),
        promptCount: state.promptCount + prompts,
      },
      keep({ table: 'history', copy: { sessionId, before } }),
    ),
  action_failed: (state, { message }, now) => appendFailure(state, message, now),
} satisfies Partial<EventRules>

function given(message: string | null): { readonly message?: string } {
  return message === null ? {} : { message }
}
