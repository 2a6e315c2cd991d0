/** Prompts that wait until the agent has done what it is at. */
import { ask, change, inTurn, refuse, stay } from './change.ts'
import { appendEchoing, newRow, rowId } from './conversation.ts'
import type { Step } from './effects.ts'
import { QUEUED_CHARS_MAX, QUEUED_PROMPTS_MAX } from './limits.ts'
import { titleOf } from './naming.ts'
import { promptId } from './prompt-id.ts'
import type { Prompt, QueuedPrompt, SessionState } from './state.ts'
import { atWork } from './turn.ts'
import { workStatus } from './view.ts'

/** Sends a prompt now, or when what the agent is at, and everything that waits already, is done. */
export function prompt(state: SessionState, given: Prompt, now: number): Step {
  const isNext = state.queue.length === 0 || state.queueHeld
  return isNext && isFree(state) ? send(state, given, now) : enqueue(state, given, now)
}

/** Puts another text in the place of one that waits. */
export function editQueued(state: SessionState, id: string, content: string): Step {
  const known = state.queue.find((queued) => queued.id === id)
  if (!known) return gone(state)
  const queue = state.queue.map((queued) => (queued === known ? { ...queued, content } : queued))
  return sizeOf(queue) > QUEUED_CHARS_MAX ? full(state) : change(state, { queue })
}

/** Takes a prompt out of the queue. */
export function removeQueued(state: SessionState, id: string): Step {
  const queue = state.queue.filter((queued) => queued.id !== id)
  return queue.length === state.queue.length ? gone(state) : change(state, withQueue(state, queue))
}

/** Lets a queue go on that was held. */
export function releaseQueue(state: SessionState): Step {
  return change(state, { queueHeld: false })
}

/** Sends the oldest prompt that waits, if nothing keeps it. */
export function sendNext(state: SessionState, now: number): Step {
  const [next, ...queue] = state.queue
  if (!next || state.queueHeld || !isFree(state)) return stay(state)
  return send({ ...state, ...withQueue(state, queue) }, next, now)
}

function isFree(state: SessionState): boolean {
  return workStatus(state) === 'waiting'
}

/** The row is there before the agent hears of it; what the agent echoes of it is no second one. */
function send(state: SessionState, given: Prompt, now: number): Step {
  const { content, images, effort } = given
  const row = newRow({ id: rowId(state, promptId(state.id, state.nextSequence)), type: 'user', content, images }, now)
  const prompted = {
    ...state,
    promptCount: state.promptCount + 1,
    firstPrompt: state.firstPrompt ?? titleOf(content),
    effort: effort ?? state.effort,
    lastActivityAt: now,
  }
  const { model, skills, mentions } = given
  const action = { do: 'send', messageId: row.id, content, model, effort, skills, images, mentions } as const
  return inTurn(
    prompted,
    (current) => appendEchoing(current, 'prompt', row),
    (current) => stay(atWork(current), ask(action)),
  )
}

function enqueue(state: SessionState, given: Prompt, now: number): Step {
  const queue = [...state.queue, { ...given, id: freeId(state.queue, now), queuedAt: now }]
  if (queue.length > QUEUED_PROMPTS_MAX || sizeOf(queue) > QUEUED_CHARS_MAX) return full(state)
  return change(state, { queue })
}

/** An empty queue holds nothing. */
function withQueue({ queueHeld }: SessionState, queue: readonly QueuedPrompt[]): Partial<SessionState> & Queue {
  return { queue, queueHeld: queueHeld && queue.length > 0 }
}

type Queue = Pick<SessionState, 'queue' | 'queueHeld'>

function freeId(queue: readonly QueuedPrompt[], now: number): string {
  let id = `queued-${now}`
  for (let copy = 2; queue.some((queued) => queued.id === id); copy++) id = `queued-${now}-${copy}`
  return id
}

/** Characters of everything that waits. */
function sizeOf(queue: readonly QueuedPrompt[]): number {
  return queue.reduce(
    (sum, { content, images }) => sum + content.length + images.reduce((chars, { value }) => chars + value.length, 0),
    0,
  )
}

function gone(state: SessionState): Step {
  return refuse(state, 'not_found', 'This prompt no longer waits: it was sent or taken out.')
}

function full(state: SessionState): Step {
  return refuse(state, 'queue_full')
}
