/** `session send`: a prompt, and what the agent makes of it. */
import { type ArgsDef, defineCommand } from 'citty'
import { harmlessJson } from '../../lib/harmless-json.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { CliError, EXIT } from '../cli-error.ts'
import type { LiveClient } from '../live-client.ts'
import { clientOptions } from '../options.ts'
import { paintFor } from '../paint.ts'
import { complain, print, supportsColour } from '../terminal.ts'
import { jsonLine } from '../terminal-text.ts'
import { type ClientContext, runWithClient } from './client-command.ts'
import { ConversationPrinter } from './conversation-printer.ts'
import { deliver, fetchSession, refusal } from './deliver.ts'
import { findSessionId } from './find-session.ts'
import { sessionArgument, textOf } from './session-argument.ts'

/** Milliseconds without a word from the agent after which we stop to wait. */
const SILENCE_MS_MAX = 300_000

const options = {
  ...sessionArgument,
  text: { type: 'positional', required: true, description: 'What to say; - reads it from standard input' },
  model: { type: 'string', valueHint: 'NAME', description: 'Model from this prompt on' },
  effort: { type: 'string', valueHint: 'LEVEL', description: 'How hard to think: low, medium, high, …' },
  'no-wait': { type: 'boolean', alias: 'n', description: 'Do not wait for the answer' },
  ...clientOptions,
} as const satisfies ArgsDef

export const send = defineCommand({
  meta: { name: 'send', description: 'Say something to the agent, and see what it answers' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async (context) => {
      const { client, json } = context
      const content = await textOf(args.text)
      const sessionId = await findSessionId(client, args.id)
      const { model, effort } = args
      const message = { type: 'send_message', session_id: sessionId, content, model, effort } as const
      const whole = { ...message, skills: [], images: [], mentions: [] }
      if (!args['no-wait']) return converse({ ...context, sessionId, typedId: args.id }, () => deliver(client, whole))
      await deliver(client, whole)
      print(json ? jsonLine({ sent: true, session_id: sessionId }) : 'Message sent.')
      return undefined
    }),
})

interface Conversation extends ClientContext {
  readonly client: LiveClient
  readonly sessionId: string
  readonly typedId: string
}

/** Writes what happens until the agent has done its turn, needs somebody, or is gone. */
async function converse(conversation: Conversation, say: () => Promise<true>): Promise<number> {
  const { client, sessionId, typedId, json, commandLine } = conversation
  const printer = new ConversationPrinter({
    write: (text) => process.stdout.write(text),
    paint: paintFor(supportsColour()),
    columns: () => process.stdout.columns || 80,
    commandLine: (verb) => commandLine('session', verb, typedId),
  })
  await fetchSession(client, sessionId)
  const turn = new TurnWatch(sessionId)
  const { promise: over, resolve, reject } = Promise.withResolvers<void>()
  const silent = () => reject(new CliError('timeout', 'The agent has said nothing for 5 minutes.', EXIT.unreachable))
  let silence = setTimeout(silent, SILENCE_MS_MAX)
  client.onFrame((frame, text) => {
    if (!('session_id' in frame) || frame.session_id !== sessionId) return
    clearTimeout(silence)
    silence = setTimeout(silent, SILENCE_MS_MAX)
    if (json) print(harmlessJson(text))
    else printer.show(frame)
    if (frame.type === 'error') reject(refusal(frame))
    if (turn.isOverAfter(frame)) resolve()
  })
  client.closed.then(() =>
    reject(new CliError('connection_lost', 'The server closed the connection.', EXIT.unreachable)),
  )
  process.once('SIGINT', () => {
    printer.endLine()
    complain(`The agent goes on. Stop it with: ${commandLine('session', 'interrupt', typedId)}`)
    resolve()
  })
  try {
    // A refusal ends it at once; what the turn itself does is told by frames.
    await Promise.race([say().then(() => over), over])
  } finally {
    clearTimeout(silence)
    printer.endLine()
  }
  return EXIT.ok
}

/** Tells when the turn that a prompt began needs nobody to wait for it any more. */
class TurnWatch {
  readonly #sessionId: string
  #hasBegun = false

  constructor(sessionId: string) {
    this.#sessionId = sessionId
  }

  isOverAfter(frame: ServerMessage): boolean {
    if (!('session_id' in frame) || frame.session_id !== this.#sessionId) return false
    if (frame.type === 'session_ended' || frame.type === 'approval_requested') return true
    if (frame.type === 'message_appended' && frame.message.message_type === 'user') this.#hasBegun = true
    if (frame.type !== 'session_delta') return false
    const { work_status: status } = frame.changes
    if (status === 'working') this.#hasBegun = true
    return this.#hasBegun && status !== undefined && status !== 'working'
  }
}
