/** `session steer`, `interrupt`, `compact`, `undo`, `rollback`, `end`, `rename`: short words to a session. */
import { type ArgsDef, defineCommand } from 'citty'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { UsageError } from '../cli-error.ts'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { clean, jsonLine } from '../terminal-text.ts'
import { runWithClient } from './client-command.ts'
import { deliver, deliverAndSee, fetchSession } from './deliver.ts'
import { findSessionId } from './find-session.ts'
import { resumeCommand } from './resume-command.ts'
import { sessionArgument, textOf } from './session-argument.ts'

/** Milliseconds in which an agent usually reacts; what it does later is not waited for. */
const REACTION_MS_MAX = { interrupt: 10_000, end: 10_000, compact: 60_000, undo: 30_000, rollback: 30_000 } as const

const plain = { ...sessionArgument, ...clientOptions } as const satisfies ArgsDef

export const steer = defineCommand({
  meta: { name: 'steer', description: 'Add guidance to the turn that is running' },
  args: {
    ...sessionArgument,
    text: { type: 'positional', required: true, description: 'The guidance; - reads it from standard input' },
    ...clientOptions,
  },
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const content = await textOf(args.text)
      const sessionId = await findSessionId(client, args.id)
      await deliver(client, { type: 'steer_turn', session_id: sessionId, content })
      print(json ? jsonLine({ steered: true, session_id: sessionId }) : 'Guidance sent.')
      return undefined
    }),
})

export const interrupt = defineCommand({
  meta: { name: 'interrupt', description: 'Stop the turn that is running' },
  args: plain,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      const { work_status: before } = await fetchSession(client, sessionId)
      const command = { type: 'interrupt_session', session_id: sessionId } as const
      const isAtWork = before === 'working' || before === 'permission' || before === 'question'
      const status = isAtWork
        ? await deliverAndSee(client, command, (frame) => newStatus(frame, sessionId), REACTION_MS_MAX.interrupt)
        : await deliver(client, command).then(() => before)
      if (json) print(jsonLine({ interrupted: true, session_id: sessionId, work_status: status }))
      else print(status ? `Session interrupted. Status: ${clean(status)}` : 'Interrupt sent.')
      return undefined
    }),
})

export const end = defineCommand({
  meta: { name: 'end', description: 'End a session, and the agent if the server runs it' },
  args: plain,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      const session = await fetchSession(client, sessionId)
      const { status, end_reason } = session
      const command = { type: 'end_session', session_id: sessionId } as const
      const reason =
        status === 'ended'
          ? (end_reason ?? 'ended')
          : await deliverAndSee(client, command, (frame) => endOf(frame, sessionId), REACTION_MS_MAX.end)
      const resumed = resumeCommand(session)
      if (json) print(jsonLine({ ended: true, session_id: sessionId, reason, resume_command: resumed }))
      else {
        print(reason ? `Session ended: ${clean(reason)}` : 'End request sent.')
        if (resumed !== null) print(`Go on in a terminal: ${resumed}`)
      }
      return undefined
    }),
})

export const compact = defineCommand({
  meta: { name: 'compact', description: 'Have the agent summarise its context' },
  args: plain,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      await fetchSession(client, sessionId)
      const command = { type: 'compact_context', session_id: sessionId } as const
      const done = await deliverAndSee(
        client,
        command,
        (frame) => isAbout(frame, 'context_compacted', sessionId),
        REACTION_MS_MAX.compact,
      )
      const compacted = done === true
      if (json) print(jsonLine({ compacted, session_id: sessionId }))
      else print(compacted ? 'Context compacted.' : 'The agent was asked to compact its context.')
      return undefined
    }),
})

export const undo = defineCommand({
  meta: { name: 'undo', description: 'Take the last turn back' },
  args: plain,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      await fetchSession(client, sessionId)
      const command = { type: 'undo_last_turn', session_id: sessionId } as const
      const result = await deliverAndSee(client, command, (frame) => undone(frame, sessionId), REACTION_MS_MAX.undo)
      const message = result?.message ?? (result?.success ? 'Undo complete.' : 'The agent was asked to undo.')
      if (json) print(jsonLine({ undone: result?.success ?? null, session_id: sessionId, message }))
      else print(clean(message))
      return result?.success === false ? 1 : undefined
    }),
})

export const rollback = defineCommand({
  meta: { name: 'rollback', description: 'Drop the last turns from the context' },
  args: {
    ...sessionArgument,
    turns: { type: 'string', valueHint: 'N', default: '1', description: 'How many' },
    ...clientOptions,
  },
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const turns = Number(args.turns)
      if (!Number.isInteger(turns) || turns < 1) {
        throw new UsageError(`--turns "${args.turns}" is no number of turns.`, 'orbitdock-server session rollback')
      }
      const sessionId = await findSessionId(client, args.id)
      await fetchSession(client, sessionId)
      const command = { type: 'rollback_turns', session_id: sessionId, num_turns: turns } as const
      const done = await deliverAndSee(
        client,
        command,
        (frame) => isAbout(frame, 'thread_rolled_back', sessionId),
        REACTION_MS_MAX.rollback,
      )
      const isDone = done === true
      const what = `${turns} ${turns === 1 ? 'turn' : 'turns'}`
      if (json) print(jsonLine({ rolled_back: isDone ? turns : null, session_id: sessionId }))
      else print(isDone ? `Rolled back ${what}.` : `The agent was asked to roll back ${what}.`)
      return undefined
    }),
})

export const rename = defineCommand({
  meta: { name: 'rename', description: 'Give a session a name, or take it away' },
  args: {
    ...sessionArgument,
    name: { type: 'string', valueHint: 'NAME', description: 'The name; without it the session has none of its own' },
    ...clientOptions,
  },
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      await deliver(client, { type: 'rename_session', session_id: sessionId, name: args.name })
      if (json) print(jsonLine({ renamed: true, session_id: sessionId, name: args.name ?? null }))
      else print(args.name ? `Session renamed to: ${clean(args.name)}` : 'The name is cleared.')
      return undefined
    }),
})

function newStatus(frame: ServerMessage, sessionId: string): string | undefined {
  if (frame.type === 'session_ended' && frame.session_id === sessionId) return 'ended'
  if (frame.type !== 'session_delta' || frame.session_id !== sessionId) return undefined
  const { work_status: status } = frame.changes
  return status === 'waiting' || status === 'reply' || status === 'ended' ? status : undefined
}

function endOf(frame: ServerMessage, sessionId: string): string | undefined {
  return frame.type === 'session_ended' && frame.session_id === sessionId ? frame.reason : undefined
}

function undone(frame: ServerMessage, sessionId: string) {
  return frame.type === 'undo_completed' && frame.session_id === sessionId ? frame : undefined
}

function isAbout(frame: ServerMessage, type: ServerMessage['type'], sessionId: string): true | undefined {
  return frame.type === type && 'session_id' in frame && frame.session_id === sessionId ? true : undefined
}
