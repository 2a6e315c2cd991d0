/** `session tasks`: what an agent runs beside the conversation. */
import { type ArgsDef, defineCommand } from 'citty'
import type { BackgroundTask } from '../../protocol/model/claude.ts'
import type { SessionState } from '../../protocol/model/session.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { CliError } from '../cli-error.ts'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { cell, clean, fit, jsonLine } from '../terminal-text.ts'
import { runWithClient } from './client-command.ts'
import { deliverAndSee, fetchSession } from './deliver.ts'
import { findSessionId } from './find-session.ts'
import { sessionArgument } from './session-argument.ts'

/** Milliseconds in which a task that was stopped is usually over. */
const REACTION_MS_MAX = 10_000
/** Columns where nobody tells how wide the terminal is. */
const COLUMNS = 100
const ID_COLUMNS = 18
const WORD_COLUMNS = 10

const options = {
  ...sessionArgument,
  stop: { type: 'string', valueHint: 'TASK', description: 'Stop the task with this id, or a beginning of it' },
  ...clientOptions,
} as const satisfies ArgsDef

export const tasks = defineCommand({
  meta: { name: 'tasks', description: 'Show and stop what an agent runs beside the conversation' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      const session = await fetchSession(client, sessionId)
      if (args.stop === undefined) {
        show(session, json)
        return undefined
      }
      const { id } = runningTask(session, args.stop)
      const command = { type: 'stop_task', session_id: sessionId, task_id: id } as const
      const status = await deliverAndSee(client, command, (frame) => endOf(frame, sessionId, id), REACTION_MS_MAX)
      if (json) print(jsonLine({ stopped: true, session_id: sessionId, task_id: id, status: status ?? null }))
      else print(status ? `Task ${clean(id)}: ${status}` : 'The agent was asked to stop the task.')
      return undefined
    }),
})

/** The one task that runs whose id begins so. */
function runningTask({ background_tasks: known = [] }: SessionState, typed: string): BackgroundTask {
  const running = known.filter(({ status }) => status === 'running')
  const [first, second] = running.filter(({ id }) => id.startsWith(typed))
  if (first && (!second || first.id === typed)) return first
  throw new CliError('not_found', `${first ? 'Several tasks' : 'No task'} with the id ${clean(typed)} in this session.`)
}

function endOf(frame: ServerMessage, sessionId: string, taskId: string): string | undefined {
  if (frame.type !== 'session_delta' || frame.session_id !== sessionId) return undefined
  const task = frame.changes.background_tasks?.find(({ id }) => id === taskId)
  return task?.status === 'running' ? undefined : task?.status
}

function show({ id: session_id, background_tasks = [] }: SessionState, json: boolean): void {
  if (json) return print(jsonLine({ session_id, background_tasks }))
  if (background_tasks.length === 0) return print('Nothing runs beside the conversation.')
  const columns = process.stdout.columns || COLUMNS
  for (const { id, type, status, description } of background_tasks)
    print(
      fit(
        [cell(id, ID_COLUMNS), cell(status, WORD_COLUMNS), cell(type, WORD_COLUMNS), clean(description)].join(' '),
        columns,
      ),
    )
}
