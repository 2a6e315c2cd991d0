/** Tells clients and the store what has become of a session: both from the same difference, so that they cannot disagree. */
import type { StateChanges } from '../protocol/model/session.ts'
import { wireTask } from './background-tasks.ts'
import { keep, tell, tellAll } from './change.ts'
import type { Effect, Step } from './effects.ts'
import type { SessionState } from './state.ts'
import { type StoredFields, storedSession } from './stored-session.ts'
import { unixSeconds } from './times.ts'
import {
  approvalRequest,
  integrationModes,
  shownCost,
  shownTurn,
  shownTurns,
  summaryOf,
  tokenUsage,
  wireQueuedPrompt,
  wireSubagent,
  workStatus,
} from './view.ts'

/** What a row of the list shows; texts that only a follower needs are told apart. */
type ListKey = Exclude<
  keyof StateChanges,
  | 'pending_approval'
  | 'token_usage'
  | 'current_diff'
  | 'current_plan'
  | 'queued_prompts'
  | 'queue_held'
  | 'background_tasks'
  | 'forked_from_session_id'
>
type Readers = { readonly [Key in ListKey]: (state: SessionState) => StateChanges[Key] }

const LIST_KEYS: Readers = {
  status: ({ phase }) => (phase.name === 'ended' ? 'ended' : 'active'),
  work_status: workStatus,
  last_activity_at: ({ lastActivityAt }) => (lastActivityAt === null ? undefined : unixSeconds(lastActivityAt)),
  current_turn_id: shownTurn,
  turn_count: shownTurns,
  custom_name: (state) => state.customName,
  summary: (state) => state.summary,
  first_prompt: (state) => state.firstPrompt,
  last_message: (state) => state.lastMessage,
  codex_integration_mode: (state) => integrationModes(state).codex_integration_mode,
  claude_integration_mode: (state) => integrationModes(state).claude_integration_mode,
  approval_policy: (state) => state.approvalPolicy,
  sandbox_mode: (state) => state.sandboxMode,
  permission_mode: (state) => state.permissionMode,
  git_branch: (state) => state.gitBranch,
  git_sha: (state) => state.gitSha,
  repository_root: (state) => state.repositoryRoot,
  is_worktree: ({ worktreePath }) => worktreePath !== null,
  worktree_path: (state) => state.worktreePath,
  git_dirty: (state) => state.gitDirty,
  current_cwd: (state) => state.currentCwd,
  model: (state) => state.model,
  effort: (state) => state.effort,
  observed: (state) => state.observed,
  cost_usd: shownCost,
}
const LIST_READERS = Object.entries(LIST_KEYS)
/** Changes that the app only takes over from a whole row, since it reads null in a delta as "no change". */
const WHOLE_ROW_KEYS = [
  'customName',
  'approvalPolicy',
  'sandboxMode',
] as const satisfies readonly (keyof SessionState)[]

/** Adds to a step what follows from the way the state has moved. A session that is not listed says nothing. */
export function announce(before: SessionState, [after, effects]: Step): Step {
  if (before === after || !after.listed) return [after, effects]
  const appeared = !before.listed || (before.phase.name === 'ended' && after.phase.name !== 'ended')
  const ended = before.phase.name !== 'ended' && after.phase.name === 'ended'
  return [
    after,
    [
      ...sessionRow(before, after),
      ...subagents(before, after),
      ...queuedRows(before, after),
      ...(appeared ? row(after) : []),
      ...effects,
      ...(before.approvals[0] === after.approvals[0] ? [] : card(after)),
      ...tokens(before, after),
      ...(before.listed ? deltas(before, after) : []),
      ...(ended && after.phase.name === 'ended' ? [end(after.id, after.phase.reason)] : []),
      ...(!appeared && needsWholeRow(before, after) ? row(after) : []),
    ],
  ]
}

function needsWholeRow(before: SessionState, after: SessionState): boolean {
  const lostBranch = before.gitBranch !== null && after.gitBranch === null
  return lostBranch || WHOLE_ROW_KEYS.some((key) => before[key] !== after[key])
}

function sessionRow(before: SessionState, after: SessionState): readonly Effect[] {
  const fields = storedSession(after)
  if (!before.listed) return [keep({ table: 'sessions', put: fields })]
  const put = difference(storedSession(before), fields)
  return Object.keys(put).length === 0 ? [] : [keep({ table: 'sessions', put })]
}

function difference(before: StoredFields, after: StoredFields): Partial<StoredFields> {
  const put: Record<string, unknown> = {}
  for (const key of Object.keys(after) as (keyof StoredFields)[]) if (before[key] !== after[key]) put[key] = after[key]
  return put
}

/** The whole row takes the pending card off the app's screen, so the card follows it. */
function row(state: SessionState): readonly Effect[] {
  return [{ to: 'list', frame: { type: 'session_created', session: summaryOf(state) } }, ...card(state)]
}

function card(state: SessionState): readonly Effect[] {
  const [head] = state.approvals
  if (!head) return []
  return [tellAll({ type: 'approval_requested', session_id: state.id, request: approvalRequest(state, head) })]
}

function tokens(before: SessionState, after: SessionState): readonly Effect[] {
  const [was, is] = [tokenUsage(before), tokenUsage(after)]
  const same = (Object.keys(is) as (keyof typeof is)[]).every((key) => was[key] === is[key])
  return same ? [] : [tellAll({ type: 'tokens_updated', session_id: after.id, usage: is })]
}

function subagents(before: SessionState, after: SessionState): readonly Effect[] {
  if (before.subagents === after.subagents) return []
  const known = new Set(before.subagents)
  return after.subagents
    .filter((subagent) => !known.has(subagent))
    .flatMap((subagent) => [
      keep({ table: 'subagents', put: subagent }),
      tell({ type: 'subagent_updated', session_id: after.id, subagent: wireSubagent(subagent) }),
    ])
}

function queuedRows(before: SessionState, after: SessionState): readonly Effect[] {
  if (before.queue === after.queue) return []
  const waiting = new Set(after.queue.map(({ id }) => id))
  const known = new Set(before.queue)
  return [
    ...before.queue.filter(({ id }) => !waiting.has(id)).map(({ id }) => keep({ table: 'queued_prompts', remove: id })),
    ...after.queue.filter((prompt) => !known.has(prompt)).map((put) => keep({ table: 'queued_prompts', put })),
  ]
}

function end(id: string, reason: string): Effect {
  return tellAll({ type: 'session_ended', session_id: id, reason })
}

/** One delta for everybody, and one for followers with the long texts. */
function deltas(before: SessionState, after: SessionState): readonly Effect[] {
  const changes: Record<string, unknown> = {}
  for (const [key, read] of LIST_READERS) {
    const value = read(after)
    if (read(before) !== value) changes[key] = value ?? null
  }
  const [head] = after.approvals
  if (before.approvals[0] !== head) changes.pending_approval = head ? approvalRequest(after, head) : null
  const moved = ['work_status', 'current_turn_id', 'pending_approval'].some((key) => key in changes)
  if (moved) changes.work_status = workStatus(after)
  if (moved && after.lastActivityAt !== null) changes.last_activity_at = unixSeconds(after.lastActivityAt)
  const texts = textChanges(before, after)
  return [
    ...(Object.keys(changes).length > 0 ? [tellAll(delta(after, changes as StateChanges))] : []),
    ...(Object.keys(texts).length > 0 ? [tell(delta(after, texts))] : []),
  ]
}

function textChanges(before: SessionState, after: SessionState): StateChanges {
  return {
    ...(before.currentDiff === after.currentDiff ? {} : { current_diff: after.currentDiff }),
    ...(before.currentPlan === after.currentPlan ? {} : { current_plan: after.currentPlan }),
    ...(before.queue === after.queue ? {} : { queued_prompts: after.queue.map(wireQueuedPrompt) }),
    ...(before.backgroundTasks === after.backgroundTasks
      ? {}
      : { background_tasks: after.backgroundTasks.map(wireTask) }),
    ...(before.forkedFrom === after.forkedFrom ? {} : { forked_from_session_id: after.forkedFrom ?? undefined }),
    ...(before.queueHeld === after.queueHeld ? {} : { queue_held: after.queueHeld }),
  }
}

function delta({ id }: SessionState, changes: StateChanges) {
  return { type: 'session_delta', session_id: id, changes } as const
}
