/** What is left of a recorded session once it is over, as a client sees it; times and ids of rows are left out. */
import { isJsonObject, parseJson } from '../../src/lib/json.ts'
import type { ApprovalHistoryItem } from '../../src/protocol/model/approval.ts'
import type { Message } from '../../src/protocol/model/message.ts'
import type { SessionState } from '../../src/protocol/model/session.ts'

/** Characters that are shown of a text. */
const TEXT_CHARS = 120
const ID_CHARS = 8

export interface EndState {
  readonly session: string
  readonly status: string
  readonly asks: string | null
  readonly place: string
  readonly model: string | null
  readonly mode: string | null
  readonly effort: string | null
  readonly name: string | null
  readonly summary: string | null
  readonly firstPrompt: string | null
  readonly lastMessage: string | null
  readonly forkedFrom: string | null
  readonly plan: string | null
  readonly tokens: string
  readonly cost: string | null
  readonly approvals: readonly string[]
  readonly subagents: readonly string[]
  readonly rows: readonly string[]
}

type Asked = Pick<ApprovalHistoryItem, 'approval_type' | 'tool_name' | 'decision'>

/** The state in a snapshot, with the record of what was asked, oldest first. */
export function endStateOf(session: SessionState, asked: readonly Asked[]): EndState {
  const { input_tokens: input, output_tokens: output, cached_tokens: cached, context_window: of } = session.token_usage
  return {
    session: session.id.slice(0, ID_CHARS),
    status: session.status === 'ended' ? `ended, ${session.end_reason}` : `active, ${session.work_status}`,
    asks: session.pending_approval?.tool_name ?? null,
    place: [session.project_path, session.current_cwd].filter(Boolean).join(', now in '),
    model: session.model,
    mode: session.permission_mode ?? null,
    effort: session.effort ?? null,
    name: session.custom_name ?? null,
    summary: session.summary ?? null,
    firstPrompt: session.first_prompt ?? null,
    lastMessage: session.last_message ? inLine(session.last_message) : null,
    forkedFrom: session.forked_from_session_id?.slice(0, ID_CHARS) ?? null,
    plan: session.current_plan,
    tokens: `${input} in, ${cached} of them cached, ${output} out; window ${of}`,
    cost: session.cost_usd === undefined ? null : `${session.cost_usd} US dollars`,
    approvals: asked.map(
      ({ approval_type: type, tool_name: tool, decision }) => `${type} ${tool}: ${decision ?? 'open'}`,
    ),
    subagents: (session.subagents ?? []).map(
      ({ id, agent_type: type, ended_at: ended }) => `${id.slice(0, ID_CHARS)} ${type}, ${ended ? 'ended' : 'running'}`,
    ),
    rows: session.messages.map(rowText),
  }
}

/** As people read it: one line for each fact that is there, and one for each row. */
export function textOf(state: EndState): string {
  return Object.entries(state)
    .filter(([, value]) => value !== null && value.length > 0)
    .map(([key, value]) => (typeof value === 'string' ? `${key}: ${value}` : [`${key}:`, ...value].join('\n  ')))
    .join('\n')
}

function rowText({ message_type: type, content, tool_name: tool, tool_input, tool_output, is_error, images }: Message) {
  const output = tool_output === null ? '' : ` => ${inLine(tool_output)}`
  const said = tool === null ? inLine(content) : `${tool} ${inLine(inputText(tool_input))}`
  const shown = images?.length ? ` [${images.length} pictures]` : ''
  return `${type}${is_error ? ' (error)' : ''}: ${said}${shown}${output}`
}

/** Hooks and transcripts name the keys of an input in orders of their own. */
function inputText(input: string | null): string {
  const given = input === null ? undefined : parseJson(input)
  return given === undefined ? (input ?? '') : JSON.stringify(sorted(given))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function inLine(text: string): string {
  const line = text.replaceAll('\n', '⏎')
  return line.length > TEXT_CHARS ? `${line.slice(0, TEXT_CHARS)}…` : line
}
