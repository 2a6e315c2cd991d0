/** What real Claude CLIs (2.1.197 and, where named v329, 2.1.329) posted, scenario by scenario, in order of arrival. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Hook } from '../../src/hooks/hook.ts'
import { parseHook } from '../../src/hooks/parse-hook.ts'
import { hookEvents } from '../../src/hooks/translate.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import type { SessionEvent } from '../../src/session/events.ts'

const folder = join(import.meta.dir, '../recordings/claude/hooks')

const types: Readonly<Record<string, string>> = {
  SessionStart: 'claude_session_start',
  SessionEnd: 'claude_session_end',
  PreToolUse: 'claude_tool_event',
  PostToolUse: 'claude_tool_event',
  PostToolUseFailure: 'claude_tool_event',
  PermissionRequest: 'claude_tool_event',
  SubagentStart: 'claude_subagent_event',
  SubagentStop: 'claude_subagent_event',
}

export const scenarios: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => basename(name, '.jsonl'))
  .sort()

/** The bodies of a scenario as the hook script posts them: Claude's own JSON with a type and an event id in front. */
export function recordedBodies(scenario: string): readonly string[] {
  return linesOf(`${scenario}.jsonl`).map((body, at) => asPosted(body, `${scenario}-${at}`))
}

/** When the hooks of a scenario came, in milliseconds since the first of them. */
export function arrivalsOf(scenario: string): readonly number[] {
  return arrivals[scenario] ?? []
}

const arrivals: Readonly<Record<string, readonly number[]>> = JSON.parse(
  readFileSync(join(folder, 'arrival-ms.json'), 'utf8'),
)

/** Claude's JSON with the keys that the hook script adds. */
export function asPosted(body: JsonObject, eventId?: string): string {
  const type = types[String(body.hook_event_name)] ?? 'claude_status_event'
  return JSON.stringify({ type, ...(eventId === undefined ? {} : { event_id: eventId }), ...body })
}

/** What a prompt was answered with, together with the posts around it. */
export interface DecisionStep {
  readonly body?: JsonObject
  readonly answered?: JsonObject
  readonly aborted?: boolean
}

export const decisions: readonly string[] = readdirSync(join(folder, 'decisions'))
  .map((name) => basename(name, '.jsonl'))
  .sort()

export function recordedDecision(name: string): readonly DecisionStep[] {
  return linesOf(`decisions/${name}.jsonl`)
}

/** A hook from Claude's JSON. */
export function aHook(body: JsonObject): Hook {
  const parsed = parseHook(asPosted({ session_id: 's1', cwd: '/home/dev/proj', ...body }))
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.hook
}

/** What a hook means, without the facts about the session that every hook carries. */
export function meaningOf(body: JsonObject, waiting = false): readonly SessionEvent[] {
  return hookEvents(aHook(body), { eventId: 'e1', waiting, repeated: false }).filter(
    ({ type }) => type !== 'session_described',
  )
}

function linesOf(path: string): readonly JsonObject[] {
  return readFileSync(join(folder, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JsonObject => JSON.parse(line))
}
