/** Random histories of a session: every event and every message, with few ids so that they meet each other. */
import fc from 'fast-check'
import type { SessionMessage } from '../../src/protocol/client/index.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import type { ConversationMessage } from '../../src/session/state.ts'
import type { Input } from '../../src/session/transition.ts'
import { NOW, SESSION_ID } from '../support/builders.ts'

/** One input, and how many milliseconds after the one before. */
export interface Moment {
  readonly input: Input
  readonly gapMs: number
}

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>
type EventArbitraries = { readonly [Type in SessionEvent['type']]: fc.Arbitrary<Omit<EventOf<Type>, 'type'>> }
type MessageOf<Type extends SessionMessage['type']> = Extract<SessionMessage, { type: Type }>
type MessageArbitraries = {
  readonly [Type in SessionMessage['type']]: fc.Arbitrary<Omit<MessageOf<Type>, 'type' | 'session_id'>>
}

const orNull = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null })
const flag = fc.boolean()
const few = (prefix: string) => fc.constantFrom(`${prefix}-1`, `${prefix}-2`, `${prefix}-3`)
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('go', 'List files', 'Done.', '', '<environment_context>', 'x'.repeat(300)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
)
const word = fc.constantFrom('a', 'b', '')
const toolUseId = orNull(few('tool'))
const agentId = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: few('agent') })
const toolName = fc.constantFrom('Bash', 'Edit', 'AskUserQuestion', 'Agent')
const input = orNull(
  fc.constantFrom(
    '{"command":"ls"}',
    '{"a":1,"b":2}',
    '{"b":2,"a":1}',
    '{"question":"Ship?"}',
    '{"run_in_background":true}',
    'no json',
  ),
)
const count = fc.nat({ max: 9 })
const tokens = fc.record({ input_tokens: count, output_tokens: count, cached_tokens: count, context_window: count })
/** US dollars. */
const usd = fc.integer({ min: 0, max: 1_000 }).map((cents) => cents / 100)
const messageId = fc.oneof(few('tool'), few('row')).map((id) => `${SESSION_ID}:${id}`)
const anyRow = (type: fc.Arbitrary<ConversationMessage['type']>, id: fc.Arbitrary<string>) =>
  fc.record<ConversationMessage>({
    id: id.map((given) => (given === '' ? '' : `${SESSION_ID}:${given}`)),
    type,
    content: text,
    toolName: orNull(toolName),
    toolInput: input,
    toolOutput: orNull(text),
    isError: flag,
    timestamp: fc.constantFrom('0', new Date(NOW - 5_000).toISOString(), `${NOW / 1000}Z`),
    durationMs: orNull(count),
    images: fc.constant([]),
  })
const message = fc.oneof(
  anyRow(fc.constantFrom('user', 'assistant', 'thinking', 'steer'), fc.oneof(few('row'), fc.constant(''))),
  anyRow(fc.constant('tool'), few('tool')),
)
const pastRow = message.map((row) => ({ type: 'message_reported' as const, message: { ...row, id: `${row.id}:past` } }))
const pictures = fc.constant([{ input_type: 'path', value: '/images/a.png' }])
const some = <Fields extends object>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }) =>
  fc.record(fields, { requiredKeys: [] })

const repository = fc.record(
  {
    branch: orNull(word),
    sha: orNull(word),
    repositoryRoot: fc.constantFrom('/proj', '/other'),
    worktreePath: orNull(fc.constant('/proj-fix')),
    dirty: orNull(flag),
  },
  { requiredKeys: ['branch', 'sha', 'repositoryRoot', 'worktreePath'] },
)
const shellId = count.map((sequence) => `${SESSION_ID}:shell:${sequence}`)

const outcome = fc.constantFrom('completed' as const, 'failed' as const, 'stopped' as const)
const anyTask = fc.record({ id: few('task'), kind: word, description: text, toolUseId })

const events: EventArbitraries = {
  session_described: fc
    .tuple(
      flag,
      some({
        cwd: fc.constantFrom('/proj', '/other'),
        model: word,
        source: fc.constantFrom('startup', 'resume'),
        atTurnBound: fc.constant(true as const),
      }),
    )
    .map(([quiet, facts]) => ({ quiet, ...facts })),
  session_ended: fc.record({ reason: word }),
  prompt_submitted: fc.record({ text: orNull(text), promptId: orNull(few('prompt')) }),
  turn_started: fc.constant({}),
  turn_completed: fc.record(
    { lastMessage: orNull(text), background: flag, subagents: fc.array(few('agent'), { maxLength: 2 }) },
    { requiredKeys: ['lastMessage', 'background'] },
  ),
  turn_aborted: fc.record({ reason: word }),
  turn_failed: fc.record(
    { code: word, message: text, transcribed: fc.constant(true) },
    { requiredKeys: ['code', 'message'] },
  ),
  tool_started: fc.record(
    { toolUseId, name: toolName, input, agentId, transcribed: fc.constant(true) },
    { requiredKeys: ['toolUseId', 'name', 'input', 'agentId'] },
  ),
  rows_due: fc.constant({}),
  status_observed: fc.record({ doing: fc.constantFrom('working', 'waiting', 'permission', 'question') }),
  tool_finished: fc.record({
    toolUseId,
    name: toolName,
    input,
    agentId,
    output: orNull(text),
    isError: flag,
    interrupted: flag,
    durationMs: orNull(count),
  }),
  tools_settled: fc.record({ toolUseIds: fc.array(few('tool'), { maxLength: 2 }) }),
  approval_requested: fc.record({
    requestId: orNull(few('req')),
    kind: fc.constantFrom('exec', 'patch', 'question'),
    toolName: orNull(toolName),
    toolInput: input,
    command: orNull(text),
    filePath: orNull(text),
    diff: orNull(text),
    question: orNull(text),
    plan: orNull(fc.constantFrom('# Plan', '[{"step":"a","status":"pending"}]')),
    proposedAmendment: orNull(fc.constant(['git', 'status'])),
    suggestions: fc.constant(null),
    agentId,
    eventId: orNull(few('event')),
    answerable: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  }),
  approval_withdrawn: fc.record({ requestId: orNull(few('req')), eventId: orNull(few('event')) }),
  attention_noted: fc.record({ reason: fc.constantFrom('permission', 'question', 'reply') }),
  message_reported: fc.record({ message }),
  message_changed: fc
    .tuple(
      messageId,
      some({ content: text, toolOutput: text, isError: flag, durationMs: count, elapsedMs: count, images: pictures }),
    )
    .map(([id, changes]) => ({ id, ...changes })),
  past_postponed: fc.record({ places: count, firstPrompt: orNull(text) }),
  past_told: fc.record({ sequence: count, told: pastRow }),
  tokens_reported: fc.record({ tokens }),
  cost_reported: fc.oneof(fc.record({ totalUsd: usd }), fc.record({ addedUsd: usd })),
  diff_reported: fc.record({ diff: text }),
  plan_changed: fc.record({
    change: fc.constantFrom(
      { kind: 'one', task: { id: '1', subject: 'Test', status: null } },
      { kind: 'one', task: { id: '1', subject: null, status: 'completed' } },
      { kind: 'one', task: { id: '1', subject: null, status: 'removed' } },
      { kind: 'all', tasks: [{ id: '2', subject: 'Fix', status: 'inProgress' }] },
    ),
    toolUseId,
  }),
  plan_reported: fc.record({ plan: text }),
  thread_named: fc.record({ name: text }),
  summary_found: fc.record({ summary: text }),
  environment_reported: some({ cwd: word, gitBranch: word, gitSha: word }),
  repository_seen: fc.record({ repository: orNull(repository) }),
  model_reported: fc.record({ model: word }),
  permission_mode_reported: fc.record({ mode: word }),
  capabilities_reported: fc.constant({ capabilities: { slashCommands: ['compact'], skills: [], tools: ['Bash'] } }),
  compaction_started: fc.constant({}),
  context_compacted: some({
    transcribed: fc.constant(true as const),
    row: fc.record({ id: few(`${SESSION_ID}:row`), timestamp: fc.constant('1771668000Z') }),
  }),
  undo_started: fc.record({ message: orNull(text) }),
  undo_completed: fc.record({ success: flag, message: orNull(text) }),
  thread_rolled_back: fc.record({ turns: count }),
  turns_dropped: fc.record({ from: fc.constant(Number.MAX_SAFE_INTEGER), lastMessage: orNull(text), notice: text }),
  history_copied: fc.record({
    sessionId: word,
    before: fc.constant(0),
    firstPrompt: orNull(text),
    lastMessage: orNull(text),
    prompts: count,
  }),
  subagent_started: fc.record(
    { agentId: few('agent'), agentType: orNull(word), toolUseId: few('tool'), background: flag },
    { requiredKeys: ['agentId', 'agentType'] },
  ),
  subagent_resumed: fc.record(
    { agentId: few('agent'), at: fc.constantFrom(NOW, NOW + 1_000) },
    { requiredKeys: ['agentId'] },
  ),
  subagent_stopped: fc.record(
    {
      agentId: orNull(few('agent')),
      agentType: orNull(word),
      transcriptPath: orNull(word),
      toolUseId: few('tool'),
      outcome: fc.constantFrom('completed', 'failed', 'stopped'),
      lastMessage: orNull(text),
    },
    { requiredKeys: ['agentId', 'agentType', 'transcriptPath'] },
  ),
  background_task_started: fc.record({ task: anyTask }),
  background_task_ended: fc.record({ id: few('task'), outcome }),
  background_tasks_listed: fc.record({ tasks: fc.array(anyTask, { maxLength: 2 }), gone: outcome }),
  action_failed: fc.record({ message: text }),
  shell_progressed: fc.record({ requestId: shellId, stdout: text, stderr: text }),
  shell_finished: fc.record({
    requestId: shellId,
    stdout: text,
    stderr: text,
    exitCode: orNull(count),
    durationMs: count,
  }),
  frame_reported: fc.constant({ frame: { type: 'skills_update_available', session_id: SESSION_ID } }),
}

const requestId = fc.oneof(few('req'), few('tool'), few('event'))
const queuedId = fc.constantFrom(`queued-${NOW}`, `queued-${NOW + 1}`, `queued-${NOW + 1}-2`)
const commentId = fc.constantFrom(`rc-${SESSION_ID}-${NOW}`, 'rc-other-1')
const messages: MessageArbitraries = {
  end_session: fc.constant({}),
  rename_session: some({ name: text }),
  update_session_config: some({ approval_policy: word, sandbox_mode: word, permission_mode: word }),
  send_message: fc.record({
    content: text,
    skills: fc.constant([]),
    images: fc.constant([]),
    mentions: fc.constant([]),
  }),
  edit_queued_prompt: fc.record({ queued_id: queuedId, content: text }),
  remove_queued_prompt: fc.record({ queued_id: queuedId }),
  release_queue: fc.constant({}),
  steer_turn: fc.record({ content: text }),
  interrupt_session: fc.constant({}),
  compact_context: fc.constant({}),
  undo_last_turn: fc.constant({}),
  rewind_files: fc.record({ user_message_id: messageId }),
  rollback_turns: fc.record({ num_turns: count }),
  approve_tool: fc
    .tuple(
      requestId,
      fc.constantFrom('approved', 'approved_always', 'denied', 'abort', 'what?'),
      some({ message: text, interrupt: flag }),
    )
    .map(([request_id, decision, rest]) => ({ request_id, decision, ...rest })),
  answer_question: fc.record({ request_id: requestId, answer: text }),
  execute_shell: fc.record(
    { command: text, cwd: word, timeout_secs: count },
    { requiredKeys: ['command', 'timeout_secs'] },
  ),
  create_review_comment: fc.record(
    { file_path: word, line_start: count, body: text, tag: fc.constant('risk'), turn_id: word },
    { requiredKeys: ['file_path', 'line_start', 'body'] },
  ),
  update_review_comment: fc
    .tuple(commentId, some({ body: text, status: fc.constantFrom('open', 'resolved') }))
    .map(([comment_id, changes]) => ({ comment_id, ...changes })),
  delete_review_comment: fc.record({ comment_id: commentId }),
  delete_approval: fc.record({ approval_id: count }),
}

const anyEvent = fc.oneof(...Object.entries(events).map(([type, fields]) => tagged<SessionEvent>({ type }, fields)))
const anyMessage = fc.oneof(
  ...Object.entries(messages).map(([type, fields]) => tagged<SessionMessage>({ type, session_id: SESSION_ID }, fields)),
)
const anyInput: fc.Arbitrary<Input> = fc.oneof(
  { weight: 5, arbitrary: anyEvent.map((event) => ({ from: 'agent', event }) as const) },
  { weight: 1, arbitrary: anyMessage.map((said) => ({ from: 'client', message: said }) as const) },
)

export const anyHistory: fc.Arbitrary<readonly Moment[]> = fc.array(
  fc.record({ input: anyInput, gapMs: fc.constantFrom(0, 1, 400, 1_500, 30_000) }),
  { maxLength: 60, size: 'max' },
)

/** The tables above say which fields go with which tag; here the two are put together. */
function tagged<Union>(tag: object, fields: fc.Arbitrary<object>): fc.Arbitrary<Union> {
  return fields.map((given) => ({ ...tag, ...given }) as Union)
}
