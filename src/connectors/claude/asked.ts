/** What Claude has asked and nobody has answered yet. */
import { permissionDecision } from '../../hooks/answer.ts'
import { isJsonObject, type JsonObject, objectAt, parseJson } from '../../lib/json.ts'
import type { Decision, PendingApproval } from '../../session/state.ts'
import { elicitationAnswer } from './elicitation.ts'
import type { ClaudeLine } from './line.ts'
import { answerLine, refusalLine } from './write.ts'

type Request = Extract<ClaudeLine, { kind: 'request' }>
type Answer = (approval: PendingApproval, decision: Decision) => JsonObject

export class Asked {
  readonly #write: (line: string) => void
  /** How each is answered, by request id. */
  readonly #open = new Map<string, Answer>()

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  /** Takes up a question to a person. Anything else is refused at once, since Claude waits. */
  take({ id, subtype, request }: Request): void {
    if (id === '') return
    const answer = answers[subtype]?.(request)
    if (answer) this.#open.set(id, answer)
    else this.#write(refusalLine(id, `OrbitDock does not answer "${subtype}"`))
  }

  /** Tells Claude what was decided, once. */
  answer(approval: PendingApproval, decision: Decision): void {
    const answer = this.#open.get(approval.requestId)
    if (!answer) return
    this.#open.delete(approval.requestId)
    this.#write(answerLine(approval.requestId, answer(approval, decision)))
  }

  /** Claude does not ask any more. */
  forget(id: string): void {
    this.#open.delete(id)
  }

  /** Ids of everything that is open; nothing is afterwards. */
  all(): readonly string[] {
    const ids = [...this.#open.keys()]
    this.#open.clear()
    return ids
  }
}

const answers: Readonly<Record<string, (request: JsonObject) => Answer>> = {
  can_use_tool: (request) => (approval, decision) => permission(objectAt(request, 'input'), approval, decision),
  elicitation: (request) => (_, decision) => elicitationAnswer(objectAt(request, 'requested_schema'), decision),
}

/** 2.1.197 takes no permission without the input that it is for. */
function permission(input: JsonObject, approval: PendingApproval, decision: Decision): JsonObject {
  const answer = permissionDecision(approval, decision)
  const call = approval.toolUseId === null ? {} : { toolUseID: approval.toolUseId }
  if (answer.behavior === 'deny') return { ...answer, ...call }
  const given = decision.updatedInput === null ? undefined : parseJson(decision.updatedInput)
  return { updatedInput: isJsonObject(given) ? given : input, ...answer, ...call }
}
