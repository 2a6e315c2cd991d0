/** `session watch ID`: one conversation as it happens. */

import { harmlessJson } from '../../lib/harmless-json.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { CliError } from '../cli-error.ts'
import { LiveClient } from '../live-client.ts'
import { paintFor } from '../paint.ts'
import { complain, print, supportsColour } from '../terminal.ts'
import { clean } from '../terminal-text.ts'
import type { ClientContext } from './client-command.ts'
import { ConversationPrinter } from './conversation-printer.ts'
import { findSessionId } from './find-session.ts'
import { follow } from './follow.ts'

export interface WatchSessionOptions extends ClientContext {
  readonly typedId: string
  /** Whether frames of a type are wanted. */
  readonly shown: (type: string) => boolean
  readonly ending: AbortController
}

/** Follows the session until it ends, `ending` fires, or the server forgets it. */
export async function watchSession({ target, json, typedId, shown, ending, commandLine }: WatchSessionOptions) {
  const sessionId = await resolveId(target, typedId)
  const printer = new ConversationPrinter({
    write: (text) => process.stdout.write(text),
    paint: paintFor(supportsColour()),
    columns: () => process.stdout.columns || 80,
    commandLine: (verb) => commandLine('session', verb, typedId),
  })
  let revision: number | undefined
  let failure: CliError | null = null

  const read = (frame: ServerMessage, text: string) => {
    if (ending.signal.aborted || !concerns(frame, sessionId)) return
    revision = revisionOf(frame) ?? revision
    if (frame.type === 'error' && frame.code === 'lagged') return subscribeAgain()
    if (shown(frame.type)) {
      if (json) print(harmlessJson(text))
      else printer.show(frame)
    }
    if (frame.type === 'error' && revision === undefined) failure = new CliError(frame.code, clean(frame.message))
    if (failure || endsSession(frame)) ending.abort()
  }
  let subscribeAgain = () => {}

  await follow({
    target,
    signal: ending.signal,
    opened: (client) => {
      subscribeAgain = () => client.send({ type: 'subscribe_session', session_id: sessionId, since_revision: revision })
      client.onFrame(read)
      subscribeAgain()
    },
    interrupted: (problem) => {
      printer.endLine()
      complain(problem ?? 'Connected again.')
    },
  })
  printer.endLine()
  if (failure) throw failure
  return undefined
}

/** On a connection of its own, since the list goes on once it is asked for. */
async function resolveId(target: WatchSessionOptions['target'], typedId: string): Promise<string> {
  const client = await LiveClient.connect(target)
  try {
    return await findSessionId(client, typedId)
  } finally {
    client.close()
  }
}

function concerns(frame: ServerMessage, sessionId: string): boolean {
  if (frame.type === 'session_snapshot' || frame.type === 'session_created') return frame.session.id === sessionId
  return 'session_id' in frame && frame.session_id === sessionId
}

function revisionOf(frame: ServerMessage): number | undefined {
  if (frame.type === 'session_snapshot') return frame.session.revision
  return 'revision' in frame ? frame.revision : undefined
}

function endsSession(frame: ServerMessage): boolean {
  if (frame.type === 'session_snapshot') return frame.session.status === 'ended'
  return frame.type === 'session_ended'
}
