/** Finds the place in the scripts that a request has reached. The request is all there is to go by: the server keeps no state. */
import { type MessagesRequest, textOf } from './messages.ts'
import { SCRIPTS, type ScriptName, type Step } from './scripts.ts'

/** What a request wants: a step of a script, or something that Claude asks for its own purposes. */
export interface Place {
  readonly kind: 'turn' | 'title' | 'summary'
  /** Null when no prompt names a script. */
  readonly script: ScriptName | null
  /** How many answers the model has given since the prompt that names the script. */
  readonly step: number
}

/** Where in the scripts a request is. */
export function placeOf(request: MessagesRequest): Place {
  const { messages } = request
  const at = messages.findLastIndex(({ role, content }) => role === 'user' && scriptIn(textOf(content)) !== null)
  const script = at < 0 ? null : scriptIn(textOf(messages[at]?.content))
  const step = at < 0 ? 0 : messages.slice(at + 1).filter(({ role }) => role === 'assistant').length
  return { kind: kindOf(request), script, step }
}

/**
 * What the model answers at a place.
 * @param values what the placeholders of the scripts stand for
 */
export function stepAt(place: Place, request: MessagesRequest, values: { readonly project: string }): Step {
  if (place.kind === 'title') return { say: [{ text: JSON.stringify(titles(request)) }] }
  if (place.kind === 'summary')
    return { say: [{ text: '<summary>\nA scripted summary of what was said.\n</summary>' }] }
  const steps: readonly Step[] = place.script === null ? [] : SCRIPTS[place.script]
  const step = steps[place.step] ?? {
    say: [{ text: place.script ? 'The script is at its end.' : 'No script was named.' }],
  }
  return fill(step, { ...values, plan: planFile(request), agent: lastAgent(request) })
}

function scriptIn(text: string): ScriptName | null {
  const name = [...text.matchAll(/\[s:([\w-]+)\]/g)].at(-1)?.[1]
  if (name === undefined) return null
  if (!(name in SCRIPTS)) throw new Error(`no script is called ${name}`)
  return name as ScriptName
}

/** A request for a title wants JSON; a compaction is told by its instruction, the last thing the user "says". */
function kindOf({ output_config, messages }: MessagesRequest): Place['kind'] {
  if (output_config?.format?.type === 'json_schema') return 'title'
  const last = textOf(messages.findLast(({ role }) => role === 'user')?.content)
  return /your task is to create a .*summary/i.test(last) ? 'summary' : 'turn'
}

/** The same words for every property that the schema names. */
function titles({ output_config }: MessagesRequest): Record<string, string> {
  const properties = Object.keys(output_config?.format?.schema?.properties ?? { title: {} })
  return Object.fromEntries(properties.map((name) => [name, 'Scripted title']))
}

/** In plan mode Claude tells the model which file may hold the plan. */
function planFile(request: MessagesRequest): string {
  const said = JSON.stringify([request.system, request.messages])
  return /\/[^\s"'`\\]+\/plans\/[^\s"'`\\]+\.md/.exec(said)?.[0] ?? '/nonexistent/plan.md'
}

/** Claude tells the model the id of each agent that it has started. */
function lastAgent(request: MessagesRequest): string {
  return [...JSON.stringify(request.messages).matchAll(/agentId: (\w+)/g)].at(-1)?.[1] ?? 'nobody'
}

function fill(step: Step, values: Readonly<Record<string, string>>): Step {
  const text = JSON.stringify(step).replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? JSON.stringify(values[name]).slice(1, -1) : whole,
  )
  return JSON.parse(text) as Step
}
