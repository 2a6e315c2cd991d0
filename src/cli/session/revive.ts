/** `session resume` and `fork`: sessions that go on from what is stored. */
import { type ArgsDef, defineCommand } from 'citty'
import { UsageError } from '../cli-error.ts'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { clean, jsonLine } from '../terminal-text.ts'
import { runWithClient } from './client-command.ts'
import { findSessionId } from './find-session.ts'
import { awaitSession } from './new-session.ts'
import { sessionArgument } from './session-argument.ts'

export const resume = defineCommand({
  meta: { name: 'resume', description: 'Go on with a session that is over, under control of the server' },
  args: { ...sessionArgument, ...clientOptions },
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      const session = await awaitSession(client, { type: 'resume_session', session_id: sessionId })
      const { work_status } = session
      if (json) print(jsonLine({ resumed: true, session_id: sessionId, work_status }))
      else print(`Session resumed. Status: ${clean(work_status)}`)
      return undefined
    }),
})

const forkOptions = {
  ...sessionArgument,
  'nth-user-message': {
    type: 'string',
    valueHint: 'N',
    description: 'Cut before this prompt of the user, counted from 0; the whole history without it',
  },
  model: { type: 'string', valueHint: 'NAME', description: 'Model; that of the source without it' },
  ...clientOptions,
} as const satisfies ArgsDef

export const fork = defineCommand({
  meta: { name: 'fork', description: 'Start a session from the history of another' },
  args: forkOptions,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const nth = nthOf(args['nth-user-message'])
      const sourceId = await findSessionId(client, args.id)
      const session = await awaitSession(client, {
        type: 'fork_session',
        source_session_id: sourceId,
        model: args.model,
        nth_user_message: nth,
        allowed_tools: [],
        disallowed_tools: [],
      })
      if (json) print(jsonLine({ forked: true, source_session_id: sourceId, new_session_id: session.id }))
      else print(`Forked: ${clean(session.id)} (from ${clean(sourceId)})`)
      return undefined
    }),
})

function nthOf(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined
  const nth = Number(typed)
  if (typed.trim() !== '' && Number.isInteger(nth) && nth >= 0) return nth
  throw new UsageError(`--nth-user-message "${typed}" is no count of prompts.`, 'orbitdock-server session fork')
}
