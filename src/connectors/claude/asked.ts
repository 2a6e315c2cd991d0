/** What Claude has asked and nobody has answered yet. */
import { permissionDecision } from '../../hooks/answer.ts'
import { isJsonObject, type JsonObject, objectAt, parseJson } from '../../lib/json.ts'
import type { Decision, PendingApproval } from '../../session/state.ts'
import type { ClaudeLine } from './line.ts'
import { answerLine, refusalLine } from './write.ts'

type Request = Extract<ClaudeLine, { kind: 'request' }>

export class Asked {
  readonly #write: (line: string) => void
  /** Input of the tool, by request id. */
  readonly #inputs = new Map<string, JsonObject>()

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  /** Takes up a request for permission. Any other is refused at once, since Claude waits: false. */
  take({ id, subtype, request }: Request): boolean {
    if (subtype === 'can_use_tool' && id !== '') {
      this.#inputs.set(id, objectAt(request, 'input'))
      return true
    }
    if (id !== '') this.#write(refusalLine(id, `OrbitDock does not answer "${subtype}"`))
    return false
  }

  /** Tells Claude what was decided, once. 2.1.197 takes no permission without the input that it is for. */
  answer(approval: PendingApproval, decision: Decision): void {
    const input = this.#inputs.get(approval.requestId)
    if (input === undefined) return
    this.#inputs.delete(approval.requestId)
    const answer = permissionDecision(approval, decision)
    const toolUseID = approval.toolUseId === null ? {} : { toolUseID: approval.toolUseId }
    const given = decision.updatedInput === null ? undefined : parseJson(decision.updatedInput)
    const whole =
      answer.behavior === 'allow' ? { updatedInput: isJsonObject(given) ? given : input, ...answer } : answer
    this.#write(answerLine(approval.requestId, { ...whole, ...toolUseID }))
  }

  /** Claude does not ask any more. */
  forget(id: string): void {
    this.#inputs.delete(id)
  }

  /** Ids of everything that is open; nothing is afterwards. */
  all(): readonly string[] {
    const ids = [...this.#inputs.keys()]
    this.#inputs.clear()
    return ids
  }
}
