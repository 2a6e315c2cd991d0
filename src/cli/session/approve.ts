/** `session approve`: decides what a session waits on. */
import { type ArgsDef, defineCommand } from 'citty'
import { CliError } from '../cli-error.ts'
import type { LiveClient } from '../live-client.ts'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { clean, jsonLine } from '../terminal-text.ts'
import { runWithClient } from './client-command.ts'
import { fetchPending } from './decide.ts'
import { deliver } from './deliver.ts'
import { findSessionId } from './find-session.ts'
import { titleOf } from './prompt-lines.ts'
import { sessionArgument } from './session-argument.ts'

/** The words of the command line, as the wire writes them. */
const DECISIONS = {
  approved: 'approved',
  'approved-for-session': 'approved_for_session',
  'approved-always': 'approved_always',
  denied: 'denied',
  abort: 'abort',
} as const

const options = {
  ...sessionArgument,
  decision: {
    type: 'enum',
    alias: 'd',
    options: Object.keys(DECISIONS),
    default: 'approved',
    description: 'What to say, where abort also ends the turn',
  },
  message: { type: 'string', valueHint: 'TEXT', description: 'What the agent is told with a refusal' },
  'request-id': { type: 'string', valueHint: 'ID', description: 'Which request; the oldest by default' },
  ...clientOptions,
} as const satisfies ArgsDef

export const approve = defineCommand({
  meta: { name: 'approve', description: 'Allow or refuse what a session waits on' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json, commandLine }) => {
      const sessionId = await findSessionId(client, args.id)
      const request = args['request-id']
        ? { id: args['request-id'], what: '' }
        : await oldestRequest(client, sessionId, commandLine('session', 'answer', args.id))
      const decision = DECISIONS[args.decision as keyof typeof DECISIONS]
      await deliver(client, {
        type: 'approve_tool',
        session_id: sessionId,
        request_id: request.id,
        decision,
        message: args.message,
      })
      if (json) print(jsonLine({ request_id: request.id, outcome: 'applied', decision, session_id: sessionId }))
      else {
        if (request.what) print(request.what)
        print(`Approval: ${decision.replaceAll('_', ' ')} (${clean(request.id)})`)
      }
      return undefined
    }),
})

async function oldestRequest(client: LiveClient, sessionId: string, answer: string) {
  const pending = await fetchPending(client, sessionId)
  if (!pending) throw new CliError('no_pending_approval', 'This session waits for no approval.')
  if (pending.type === 'question') {
    throw new CliError(
      'no_pending_approval',
      `This session waits for an answer, not for an approval. Answer with: ${answer} TEXT`,
    )
  }
  return { id: pending.id, what: titleOf(pending) }
}
