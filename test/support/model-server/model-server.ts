/** A scripted Anthropic Messages API on loopback, so that the real Claude Code works offline and says the same every time. */
import { Changes } from '../within.ts'
import { type Place, placeOf, stepAt } from './choose.ts'
import { type Gate, Gates, type Moment } from './gates.ts'
import { type ContentBlock, MessagesRequest, type ModelMessage, saidIn } from './messages.ts'
import type { Block, ScriptName, Step } from './scripts.ts'
import { encodeEvent, streamEvents } from './stream.ts'

/** Tokens that every answer reports to have read; small, so that nothing is compacted. */
const TOKENS_READ = { input_tokens: 400, cache_creation_input_tokens: 128, cache_read_input_tokens: 1024 }
/** Pieces that a block arrives in when its step does not say. */
const PIECES = 3

export interface SeenRequest extends Place {
  /** The session that asks. */
  readonly sessionId: string | null
  /** What was said before, prompts with scripts and texts of the model: `user: …`, `assistant: …`. */
  readonly said: readonly string[]
  readonly model: string
  /** How hard the model is to try; null when nobody says. */
  readonly effort: string | null
}

export class ModelServer {
  /** Requests for answers, in order of arrival. */
  readonly requests: SeenRequest[] = []
  readonly #changes = new Changes()
  readonly #gates = new Gates()
  readonly #project: string
  readonly #http: Bun.Server<undefined>

  /** @param project directory that the scripts work in */
  constructor(project: string) {
    this.#project = project
    this.#http = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      idleTimeout: 0,
      routes: {
        '/v1/messages': {
          POST: (request) =>
            this.#answer(request).catch((error: Error) => failure(400, 'invalid_request_error', error.message)),
        },
        '/v1/messages/count_tokens': { POST: () => Response.json({ input_tokens: TOKENS_READ.input_tokens }) },
      },
      fetch: ({ method }) => (method === 'HEAD' ? new Response() : failure(404, 'not_found_error', 'not scripted')),
    })
  }

  get url(): string {
    return this.#http.url.origin
  }

  /** What the model was told of the conversation when it was asked last. */
  get lastSaid(): readonly string[] {
    return this.requests.findLast(({ kind }) => kind === 'turn')?.said ?? []
  }

  /** Makes the model wait at a step of a script until the gate is opened. */
  hold(script: ScriptName, step = 0, moment: Moment = 'start'): Gate {
    return this.#gates.close({ kind: 'turn', script, step }, moment)
  }

  /** Makes the model wait before the summary with which Claude compacts a conversation. */
  holdSummary(): Gate {
    return this.#gates.close({ kind: 'summary', script: null, step: 0 }, 'start')
  }

  /** The first request at a step of a script, seen or to come; fails after `ms` milliseconds. */
  waitForRequest(script: ScriptName, step = 0, ms = 15_000): Promise<SeenRequest> {
    const seen = () => this.requests.find((r) => r.kind === 'turn' && r.script === script && r.step === step)
    const asked = () => this.requests.map((r) => `${r.kind} ${r.script} ${r.step}`).join(', ')
    return this.#changes.until(seen, ms, () => `claude never asked for ${script} ${step}; it asked for: ${asked()}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gates.openAll()
    await this.#http.stop(true)
  }

  async #answer(http: Request): Promise<Response> {
    const request = MessagesRequest.parse(await http.json())
    const place = placeOf(request)
    const { model, output_config } = request
    const asked = { ...place, model, effort: output_config?.effort ?? null, said: saidIn(request) }
    this.requests.push({ ...asked, sessionId: http.headers.get('x-claude-code-session-id') })
    this.#changes.announce()
    await this.#gates.pass(place, 'start')
    const step = stepAt(place, request, { project: this.#project })
    if ('fail' in step) return failure(step.fail.status, step.fail.type, step.fail.message, step.fail.headers)
    const message = compose(step, request.model)
    if (!request.stream) return Response.json(wholeMessage(message))
    const delivery = { pieces: step.pieces ?? PIECES, ...(step.breaksWith ? { breaksWith: step.breaksWith } : {}) }
    const middle = () => this.#gates.pass(place, 'middle')
    return new Response(eventStream(streamEvents(message, delivery), middle), {
      headers: { 'content-type': 'text/event-stream', 'request-id': newId('req') },
    })
  }
}

function compose(step: Extract<Step, { say: unknown }>, model: string): ModelMessage {
  const content = step.say.map(contentBlock)
  const stopReason = step.stop ?? (content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn')
  const usage = { ...TOKENS_READ, output_tokens: 20 + 7 * content.length }
  return { id: newId('msg'), model, content, stopReason, usage }
}

function contentBlock(block: Block): ContentBlock {
  if ('tool' in block) return { type: 'tool_use', id: newId('toolu'), name: block.tool, input: block.input }
  if ('thinking' in block) return { type: 'thinking', thinking: block.thinking, signature: 'c2NyaXB0ZWQ=' }
  return { type: 'text', text: block.text }
}

/** Streams the events; waits in the middle, which is after the first piece of text. */
function eventStream(
  events: Iterable<{ type: string; [key: string]: unknown }>,
  middle: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const generate = async function* () {
    let waited = false
    for (const event of events) {
      yield encoder.encode(encodeEvent(event))
      if (waited || event.type !== 'content_block_delta') continue
      waited = true
      await middle()
    }
  }
  const chunks = generate()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

function wholeMessage({ id, model, content, stopReason, usage }: ModelMessage): object {
  return { id, type: 'message', role: 'assistant', model, content, stop_reason: stopReason, stop_sequence: null, usage }
}

function failure(status: number, type: string, message: string, headers?: Readonly<Record<string, string>>): Response {
  return Response.json(
    { type: 'error', error: { type, message }, request_id: newId('req') },
    { status, ...(headers ? { headers } : {}) },
  )
}

const newId = (prefix: string) => `${prefix}_${crypto.randomUUID().replaceAll('-', '').slice(0, 22)}`
