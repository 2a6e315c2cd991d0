/** `session queue`: the prompts that wait until the agent has done what it is at. */
import { type ArgsDef, defineCommand } from 'citty'
import type { SessionState } from '../../protocol/model/session.ts'
import { CliError, UsageError } from '../cli-error.ts'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { clean, fit, jsonLine } from '../terminal-text.ts'
import { type ClientContext, runWithClient } from './client-command.ts'
import { deliver, fetchSession } from './deliver.ts'
import { findSessionId } from './find-session.ts'
import { sessionArgument, textOf } from './session-argument.ts'

/** Columns for the text of a prompt where nobody tells how wide the terminal is. */
const COLUMNS = 100

const options = {
  ...sessionArgument,
  edit: { type: 'string', valueHint: 'N', description: 'Change the text of the prompt at this place to --text' },
  text: { type: 'string', valueHint: 'TEXT', description: 'The new text; - reads it from standard input' },
  remove: { type: 'string', valueHint: 'N', description: 'Take out the prompt at this place' },
  release: { type: 'boolean', description: 'Let the queue go on after a turn that was stopped or failed' },
  ...clientOptions,
} as const satisfies ArgsDef

export const queue = defineCommand({
  meta: { name: 'queue', description: 'Show and change the prompts that wait' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json, commandLine }) => {
      const { edit, remove, release } = args
      if ([edit, remove, release].filter(Boolean).length > 1)
        throw misused('--edit, --remove and --release exclude each other.')
      if ((edit === undefined) !== (args.text === undefined)) throw misused('--edit and --text belong together.')
      const session_id = await findSessionId(client, args.id)
      const session = await fetchSession(client, session_id)
      if (edit !== undefined) {
        const content = await textOf(args.text ?? '')
        await deliver(client, {
          type: 'edit_queued_prompt',
          session_id,
          queued_id: promptAt(session, edit).id,
          content,
        })
      }
      if (remove !== undefined) {
        await deliver(client, { type: 'remove_queued_prompt', session_id, queued_id: promptAt(session, remove).id })
      }
      if (release) await deliver(client, { type: 'release_queue', session_id })
      const isChanged = edit !== undefined || remove !== undefined || release === true
      show(isChanged ? await fetchSession(client, session_id) : session, json, () =>
        commandLine('session', 'queue', args.id),
      )
      return undefined
    }),
})

function misused(message: string): UsageError {
  return new UsageError(message, 'orbitdock-server session queue')
}

/** The prompt that the list shows at a place, counted from 1. */
function promptAt({ queued_prompts: queued = [] }: SessionState, typed: string) {
  const prompt = queued[Number(typed) - 1]
  if (prompt) return prompt
  const many = queued.length === 1 ? 'One prompt waits' : `${queued.length} prompts wait`
  throw new CliError(
    'not_found',
    `${queued.length === 0 ? 'No prompt waits' : many}: there is none at ${clean(typed)}.`,
  )
}

function show(session: SessionState, json: ClientContext['json'], command: () => string): void {
  const { id, queued_prompts: queued = [], queue_held: held = false } = session
  if (json) return print(jsonLine({ session_id: id, queued_prompts: queued, queue_held: held }))
  if (queued.length === 0) return print('No prompt waits.')
  const columns = process.stdout.columns || COLUMNS
  for (const [index, { content, image_count: images }] of queued.entries()) {
    const pictures = images === 0 ? '' : ` [${images} ${images === 1 ? 'picture' : 'pictures'}]`
    print(fit(`${index + 1}  ${clean(content)}${pictures}`, columns))
  }
  if (held)
    print(`The queue is held, as the last turn was stopped or failed. Let it go on with: ${command()} --release`)
}
