/** `session answer`: answers the question that a session waits on. */
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
import { sessionArgument, textOf } from './session-argument.ts'

const options = {
  ...sessionArgument,
  text: { type: 'positional', required: true, description: 'The answer; - reads it from standard input' },
  'request-id': { type: 'string', valueHint: 'ID', description: 'Which question; the oldest by default' },
  ...clientOptions,
} as const satisfies ArgsDef

export const answer = defineCommand({
  meta: { name: 'answer', description: 'Answer the question a session waits on' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json, commandLine }) => {
      const text = await textOf(args.text)
      const sessionId = await findSessionId(client, args.id)
      const requestId =
        args['request-id'] ?? (await oldestQuestion(client, sessionId, commandLine('session', 'approve', args.id)))
      await deliver(client, { type: 'answer_question', session_id: sessionId, request_id: requestId, answer: text })
      if (json) print(jsonLine({ request_id: requestId, outcome: 'applied', session_id: sessionId }))
      else print(`Answer submitted (applied) (${clean(requestId)})`)
      return undefined
    }),
})

async function oldestQuestion(client: LiveClient, sessionId: string, approve: string): Promise<string> {
  const pending = await fetchPending(client, sessionId)
  if (!pending) throw new CliError('no_pending_question', 'This session waits for no answer.')
  if (pending.type !== 'question') {
    throw new CliError(
      'no_pending_question',
      `This session waits for an approval, not for an answer. Approve with: ${approve}`,
    )
  }
  return pending.id
}
