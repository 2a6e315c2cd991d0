/** Words for sessions and tools: what a person recognises them by. */
import { basename } from 'node:path'
import type { SessionSummary, WorkStatus } from '../../protocol/model/session.ts'
import { clean } from '../terminal-text.ts'

/** What a session is called, best name first. */
export function titleOf(
  session: Pick<SessionSummary, 'custom_name' | 'summary' | 'first_prompt' | 'project_name' | 'project_path'>,
): string {
  const names = [session.custom_name, session.summary, session.first_prompt, session.project_name]
  const titles = names.map((name) => clean((name ?? '').replace(/<[^>]*>/g, ' ')))
  return titles.find((title) => title !== '') ?? clean(basename(session.project_path))
}

/** The project and, where known, its branch; marked while something in it is not committed. */
export function projectOf(
  session: Pick<SessionSummary, 'project_name' | 'project_path' | 'git_branch' | 'git_dirty'>,
): string {
  const project = clean(session.project_name || basename(session.project_path))
  return session.git_branch ? `${project} (${clean(session.git_branch)}${session.git_dirty ? '*' : ''})` : project
}

/** What a session has cost, in dollars and cents; nothing where that is not known. */
export function costOf({ cost_usd: cost }: Pick<SessionSummary, 'cost_usd'>): string {
  return cost === undefined || cost === null ? '' : `$${cost.toFixed(2)}`
}

/** Where a session stands in a list that begins with who needs somebody. */
export function urgencyOf(session: Pick<SessionSummary, 'status' | 'work_status'>): number {
  return session.status === 'ended' ? URGENCY.ended : (URGENCY[session.work_status] ?? URGENCY.working)
}

const URGENCY: Readonly<Record<WorkStatus, number>> = {
  permission: 0,
  question: 0,
  reply: 1,
  waiting: 1,
  working: 2,
  ended: 3,
}

/** Orders sessions: those first that need somebody, longest waiting on top; then whoever was active last. */
export function byUrgency(one: SessionSummary, other: SessionSummary): number {
  const rank = urgencyOf(one)
  const later = (timeOf(other.last_activity_at) ?? 0) - (timeOf(one.last_activity_at) ?? 0)
  return rank - urgencyOf(other) || (rank === 0 ? -later : later) || one.id.localeCompare(other.id)
}

/** Milliseconds of a wire timestamp, or null when it cannot be read. */
export function timeOf(timestamp: string | null | undefined): number | null {
  if (!timestamp) return null
  const seconds = /^(\d+(?:\.\d+)?)Z?$/.exec(timestamp)?.[1]
  const milliseconds = seconds === undefined ? Date.parse(timestamp) : Number(seconds) * 1000
  return Number.isNaN(milliseconds) || milliseconds === 0 ? null : milliseconds
}

/** How long ago, in one short word. */
export function ageOf(timestamp: string | null | undefined, now: number): string {
  const at = timeOf(timestamp)
  if (at === null) return ''
  const seconds = Math.max(Math.round((now - at) / 1000), 0)
  if (seconds < 5) return 'now'
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

/** Keys of a tool's input that say most about it, best first. */
const TELLING_KEYS = [
  'command',
  'file_path',
  'notebook_path',
  'path',
  'pattern',
  'url',
  'query',
  'description',
  'prompt',
]

/** What a tool is about to do, on one line: its name and the telling part of its input. */
export function toolLine(name: string | null | undefined, input: string | null | undefined): string {
  const values = parseInput(input)
  const [question] = Array.isArray(values.questions) ? values.questions : []
  const details = [...TELLING_KEYS.map((key) => values[key]), Object(question).question]
  const detail = clean(String(details.find((value) => typeof value === 'string') ?? ''))
  return [clean(name ?? ''), detail].filter((part) => part !== '').join('  ')
}

/** The parsed input of a tool; empty when it is no object, as after being cut. */
export function parseInput(input: string | null | undefined): Readonly<Record<string, unknown>> {
  try {
    return { ...Object(JSON.parse(input ?? '')) }
  } catch {
    return {}
  }
}
