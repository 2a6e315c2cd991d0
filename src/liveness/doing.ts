/** What the records of the processes of one session say it does, and when that outweighs what its hooks said. */
import { OBSERVATION_GRACE_MS, OBSERVATION_SLACK_MS, OBSERVATION_STALE_MS } from '../lib/limits.ts'
import type { WorkStatus } from '../protocol/model/session.ts'
import type { RegistryRecord, RegistryStatus } from './registry-record.ts'

export type Doing = 'working' | 'waiting' | 'permission' | 'question'

export interface Observation {
  readonly doing: Doing
  /** Since when, in Unix milliseconds. */
  readonly at: number
}

/** What its hooks made of a session. */
export interface HookView {
  readonly status: WorkStatus
  /** When its main thread was heard of last, in Unix milliseconds; 0 for never. */
  readonly heardAt: number
  /** Whether hooks tell of it at all; otherwise nothing needs to be waited for. */
  readonly hooked: boolean
}

/** What waits for a person, in the words of 2.1.329; 2.1.197 calls every prompt of the agent a permission prompt. */
const WAITING_FOR: Readonly<Record<string, Doing>> = {
  'permission prompt': 'permission',
  'sandbox request': 'permission',
  'worker request': 'permission',
  'goal proposal': 'permission',
  'input needed': 'question',
}

/** What one record says; null for nothing, as while the person has opened a dialog such as /help. */
export function observationOf({ status, waitingFor, statusAt: at }: RegistryRecord): Observation | null {
  const doing = status === null ? undefined : doingOf(status, waitingFor)
  return doing === undefined ? null : { doing, at }
}

function doingOf(status: RegistryStatus, waitingFor: string | null): Doing | undefined {
  if (status === 'busy') return 'working'
  return status === 'waiting' ? WAITING_FOR[waitingFor ?? ''] : 'waiting'
}

const BY_NEED: readonly Doing[] = ['permission', 'question', 'working', 'waiting']

/** What several processes that hold the same session do together: whatever needs a person most. */
export function together(observations: readonly Observation[]): Observation | null {
  const [first, ...others] = observations
  if (!first) return null
  return others.reduce((best, next) => (isNeedier(next, best) ? next : best), first)
}

function isNeedier(a: Observation, b: Observation): boolean {
  const difference = BY_NEED.indexOf(a.doing) - BY_NEED.indexOf(b.doing)
  return difference < 0 || (difference === 0 && a.at > b.at)
}

/**
 * When an observation counts against what the hooks said, in Unix milliseconds; null when it does not contradict them.
 * Records are up to half a second late, and the hook that says the same may be on its way. An observation from before
 * the last hook is old; it counts only when no newer one follows for long, since Claude leaves out what is brief.
 */
export function dueAt({ doing, at }: Observation, { status, heardAt, hooked }: HookView): number | null {
  if (status === 'ended' || !contradicts(doing, status)) return null
  if (!hooked) return at
  const answersPrompt = doing === 'working' && (status === 'permission' || status === 'question')
  if (answersPrompt) return at > heardAt ? at + OBSERVATION_GRACE_MS : null
  // A turn may end within milliseconds of its last hook, on whichever side of it the clock was read.
  const isNewer = doing === 'waiting' ? at > heardAt - OBSERVATION_SLACK_MS : at > heardAt
  return Math.max(at, heardAt) + (isNewer ? OBSERVATION_GRACE_MS : OBSERVATION_STALE_MS)
}

/** Whatever a session waits for is known better from its hooks: the older version calls every prompt the same. */
function contradicts(doing: Doing, status: WorkStatus): boolean {
  const isAsking = status === 'permission' || status === 'question'
  switch (doing) {
    case 'working':
      return status !== 'working'
    case 'waiting':
      return isAsking || status === 'working'
    default:
      return !isAsking
  }
}
