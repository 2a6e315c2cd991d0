/** How a turn ended. */
import { type JsonObject, listAt, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import type { TranslationContext } from './context.ts'
import { costEvents } from './cost.ts'
import { hasAgents } from './system.ts'
import { learnContextWindow } from './tokens.ts'

/** The CLI's notes to its developers. */
const DIAGNOSTIC = '[ede_diagnostic]'
/** What it advises in its terminal, which is of no use elsewhere. */
const LOGIN = / · Please run \/login$/
const LOGIN_ELSEWHERE =
  '. Run `claude` in a terminal on the machine of the server, log in there with /login, and send your message again.'

export function resultEvents(body: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  context.blocks.clear()
  context.retryRow = null
  context.begun = false
  learnContextWindow(body.modelUsage, context)
  const cost = costEvents(body, context)
  if (context.abandoned) {
    context.abandoned = false
    return cost
  }
  context.inTurn = false
  const end = endOf(body, context)
  context.awaitsAgents = end.type === 'turn_completed' && end.background
  return [...cost, end]
}

function endOf(body: JsonObject, context: TranslationContext): SessionEvent {
  const subtype = textAt(body, 'subtype') ?? 'success'
  if (textAt(body, 'terminal_reason')?.startsWith('aborted')) return { type: 'turn_aborted', reason: 'interrupted' }
  const complaint = complaintOf(body)
  if (subtype === 'error_during_execution' && complaint === null) return { type: 'turn_aborted', reason: subtype }
  if (body.is_error === true || subtype !== 'success')
    return { type: 'turn_failed', code: subtype, message: complaint ?? wordsFor(subtype) }
  return { type: 'turn_completed', lastMessage: null, background: hasAgents(context) }
}

/** What went wrong, in the CLI's words; null when it has none. */
function complaintOf(body: JsonObject): string | null {
  const errors = listAt(body, 'errors').filter(
    (error): error is string => typeof error === 'string' && !error.startsWith(DIAGNOSTIC),
  )
  const complaint = errors.length > 0 ? errors.join('\n') : textAt(body, 'result')
  return complaint?.replace(LOGIN, LOGIN_ELSEWHERE) ?? null
}

function wordsFor(subtype: string): string {
  return subtype === 'error_max_turns'
    ? 'Claude stopped: the limit of turns is reached.'
    : `Claude stopped with an error (${subtype}).`
}
