/** `session watch` without an id: all sessions, live. */
import { harmlessJson } from '../../lib/harmless-json.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import type { LiveClient } from '../live-client.ts'
import { complain, print } from '../terminal.ts'
import { clean } from '../terminal-text.ts'
import { Board } from './board.ts'
import type { ClientContext } from './client-command.ts'
import { titleOf } from './describe.ts'
import { follow } from './follow.ts'
import { LiveBoard } from './live-board.ts'

export interface WatchAllOptions extends ClientContext {
  /** Whether frames of a type are wanted. */
  readonly shown: (type: string) => boolean
  readonly ending: AbortController
}

/** Requests asked for, so that prompts from before the start have a text. */
const REQUESTS_MAX = 200

/** Where the news goes. */
export interface BoardOutput {
  /** `changed` is the session that the frame changed, if it was one. */
  readonly show: (board: Board, frame: ServerMessage, text: string, changed: string | null) => void
  readonly interrupted: (problem: string | null) => void
}

/** Follows the list until `ending` fires. */
export async function watchAll(options: WatchAllOptions) {
  const { target, ending, shown } = options
  const board = new Board()
  let output: BoardOutput | undefined
  try {
    await follow({
      target,
      signal: ending.signal,
      opened: (client) => {
        output ??= openOutput(board, options)
        client.onFrame((frame, text) => {
          if (ending.signal.aborted) return
          if (frame.type === 'error' && frame.code === 'lagged') return subscribe(client)
          const changed = board.apply(frame)
          if (shown(frame.type)) output?.show(board, frame, text, changed)
        })
        subscribe(client)
      },
      interrupted: (problem) => output?.interrupted(problem),
    })
  } finally {
    ending.abort()
  }
  return undefined
}

/** Opened with the first connection, so that a failure before it is told on a plain terminal. */
function openOutput(board: Board, options: WatchAllOptions): BoardOutput {
  if (options.json) return jsonOutput()
  if (process.stdout.isTTY !== true || process.env.TERM === 'dumb') return lineOutput()
  const live = new LiveBoard(board, options)
  options.ending.signal.addEventListener('abort', () => live.close(), { once: true })
  return live
}

function subscribe(client: LiveClient): void {
  client.send({ type: 'subscribe_list' })
  client.send({ type: 'list_approvals', limit: REQUESTS_MAX })
}

/** Frames as they come, for a program. */
function jsonOutput(): BoardOutput {
  return {
    show: (_, frame, text) => {
      if (frame.type !== 'hello' && frame.type !== 'approvals_list') print(harmlessJson(text))
    },
    interrupted: (problem) => complain(problem ?? 'Connected again.'),
  }
}

/** One line whenever a session begins to do something else. */
function lineOutput(): BoardOutput {
  const statuses = new Map<string, string>()
  const tell = (board: Board, id: string) => {
    const session = board.session(id)
    if (!session || statuses.get(id) === session.work_status) return
    statuses.set(id, session.work_status)
    print(
      [clean(id), clean(session.work_status), titleOf(session), board.requestOf(session)?.line]
        .filter(Boolean)
        .join('  '),
    )
  }
  return {
    show: (board, _, __, changed) => {
      const ids = changed === null ? board.sessions().map(({ id }) => id) : [changed]
      for (const id of ids) tell(board, id)
    },
    interrupted: (problem) => complain(problem ?? 'Connected again.'),
  }
}
