/** Requests that are not about one session's actor, by family. */
import type { Database } from 'bun:sqlite'
import type { ActorPool } from '../../actors/actor-pool.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import type { StoreLink } from '../../store/store-link.ts'
import type { Connection } from '../connection.ts'
import type { Hub } from '../hub.ts'
import type { SessionList } from '../session-list.ts'
import type { Subscriptions } from '../subscriptions.ts'
import { accountStatus, noModels } from './account.ts'
import { askAgent, listClaudeModels } from './agents.ts'
import { listApprovals } from './approvals.ts'
import { browseDirectory, listRecentProjects } from './files.ts'
import { setOpenAiKey } from './open-ai-key.ts'
import { createSession, forkSession, resumeSession } from './open-session.ts'
import { listReviewComments } from './review.ts'
import { askSubagent } from './subagents.ts'

export interface GatewayHandlers {
  readonly hub: Hub
  readonly pool: ActorPool
  readonly list: SessionList
  readonly store: Pick<StoreLink, 'failure' | 'write'>
  /** A readonly connection. */
  readonly reader: () => Database
  /** Directory of the user. */
  readonly home: string
  /** File of the key that names sessions. */
  readonly openAiKey: string
  subscriptionsOf(connection: Connection): Subscriptions
}

/** Answers a request, at once or when what it depends on is stored. */
export function answerRequest(handlers: GatewayHandlers, connection: Connection, message: GatewayMessage): void {
  switch (message.type) {
    case 'subscribe_list':
      connection.send(handlers.list.frame())
      return handlers.hub.followList(connection)
    case 'subscribe_session':
      return handlers.subscriptionsOf(connection).add(message.session_id, message.since_revision ?? undefined)
    case 'unsubscribe_session':
      return handlers.subscriptionsOf(connection).remove(message.session_id)
    case 'create_session':
      return createSession(handlers, connection, message)
    case 'fork_session':
      return void forkSession(handlers, connection, message)
    case 'resume_session':
      return resumeSession(handlers, connection, message)
    case 'list_approvals':
      return void listApprovals(handlers.reader, connection, message)
    case 'list_review_comments':
      return void listReviewComments(handlers.reader, connection, message)
    case 'get_subagent_tools':
    case 'get_subagent_messages':
      return askSubagent(handlers.pool, connection, message)
    case 'list_mcp_tools':
    case 'refresh_mcp_servers':
    case 'get_context_usage':
    case 'stop_task':
      return askAgent(handlers.pool, connection, message)
    case 'list_claude_models':
      return void listClaudeModels(handlers, connection, message)
    case 'browse_directory':
      return void browseDirectory(handlers.home, connection, message)
    case 'list_recent_projects':
      return void listRecentProjects(handlers.reader, connection)
    case 'set_open_ai_key':
      return setOpenAiKey(handlers.openAiKey, connection, message)
    case 'list_models':
      return connection.reply(noModels)
    case 'codex_account_read':
      return connection.reply(accountStatus)
    default:
      return connection.reply(errorFrame('not_supported', ('session_id' in message && message.session_id) || null))
  }
}
