/** Puts what clients ask to the agents that run; an agent is not started for a question. */
import type { AgentQuestion, Connector } from '../connectors/connector.ts'
import { AGENT_QUESTIONS_MAX } from '../lib/limits.ts'
import { errorFrame } from '../protocol/errors.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { SessionState } from '../session/state.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'

interface QuestionDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly clock: () => number
  /** The connector of the agent that runs for a session. */
  connectorOf(sessionId: string): Connector | undefined
}

type Failure = Extract<ServerMessage, { type: 'error' }>

export class QuestionDesk {
  readonly #parts: QuestionDeskParts
  #open = 0

  constructor(parts: QuestionDeskParts) {
    this.#parts = parts
  }

  /** Answers when the agent has; until then the sender may ask for other things. */
  async ask({ sessionId, number, text }: ToHost): Promise<void> {
    const { outlet } = this.#parts
    const question: AgentQuestion = JSON.parse(text)
    outlet.letter('attend', sessionId, number)
    outlet.letter('done', sessionId, number)
    this.#open++
    const answer = await this.#answer(question)
    this.#open--
    if (answer) outlet.reply(sessionId, number, answer)
    const { command_id: commandId } = question
    if (commandId !== undefined)
      outlet.reply(sessionId, number, acknowledgement(commandId, sessionId, answer?.type === 'error' ? answer : null))
    outlet.letter('over', sessionId, number)
    outlet.finish()
  }

  async #answer(question: AgentQuestion): Promise<ServerMessage | null> {
    const { actors, clock, connectorOf } = this.#parts
    const { session_id: sessionId } = question
    if (this.#open > AGENT_QUESTIONS_MAX) return errorFrame('rate_limited', sessionId)
    const connector = connectorOf(sessionId)
    const state = actors.find(sessionId, clock())?.state
    if (!connector || !state) return notRunning(sessionId, state)
    if (question.type === 'stop_task' && !runsTask(state, question.task_id))
      return errorFrame('not_found', sessionId, `No task ${question.task_id} runs in this session.`)
    try {
      return await connector.answer(question)
    } catch (error) {
      return errorFrame('claude_error', sessionId, error instanceof Error ? error.message : undefined)
    }
  }
}

/** Claude itself agrees to stop any. */
function runsTask({ backgroundTasks }: SessionState, taskId: string): boolean {
  return backgroundTasks.some(({ id, endedAt }) => id === taskId && endedAt === null)
}

function notRunning(sessionId: string, state: SessionState | undefined): Failure {
  const refuse = (reason?: string) => errorFrame('session_not_found', sessionId, reason)
  if (!state?.listed) return refuse(`There is no session ${sessionId}.`)
  if (state.phase.name === 'ended') return refuse('This session has ended; resume it first.')
  if (state.integrationMode !== 'direct') return refuse('This session has no agent that this server runs.')
  return refuse('The agent of this session does not run now; your next message starts it.')
}

function acknowledgement(commandId: string, sessionId: string, failure: Failure | null): ServerMessage {
  const head = { type: 'command_ack', command_id: commandId, session_id: sessionId } as const
  return failure ? { ...head, ok: false, code: failure.code, message: failure.message } : { ...head, ok: true }
}
