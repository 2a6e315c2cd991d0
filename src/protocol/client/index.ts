/** Everything a client may say. */
import { z } from 'zod'
import { type Immutable, tagOf } from '../define.ts'
import { approvalEntryMessages, approvalHistoryMessages, approvalMessages } from './approvals.ts'
import { claudeMessages } from './claude.ts'
import { codexMessages } from './codex.ts'
import { hookMessages } from './hooks.ts'
import { machineMessages } from './machine.ts'
import { mcpMessages } from './mcp.ts'
import { queueMessages } from './queue.ts'
import { reviewCommentMessages, reviewListMessages, reviewMessages } from './review.ts'
import { sessionLifeMessages, sessionStartMessages } from './sessions.ts'
import { shellMessages } from './shell.ts'
import { skillMessages } from './skills.ts'
import { subscriptionMessages } from './subscriptions.ts'
import { turnMessages } from './turns.ts'

/** Messages for one session: its actor receives them as they are. */
const sessionMessages = [
  ...sessionLifeMessages,
  ...turnMessages,
  ...queueMessages,
  ...approvalMessages,
  ...reviewMessages,
  ...shellMessages,
] as const
/** Messages about a part of one session, which they name by the part's own id: the gateway adds the `session_id`. */
const partMessages = [...approvalEntryMessages, ...reviewCommentMessages] as const
/** Messages that the gateway answers or carries out itself. */
const gatewayMessages = [
  ...subscriptionMessages,
  ...sessionStartMessages,
  ...approvalHistoryMessages,
  ...codexMessages,
  ...claudeMessages,
  ...skillMessages,
  ...mcpMessages,
  ...reviewListMessages,
  ...machineMessages,
] as const

export const ClientMessage = z.discriminatedUnion('type', [
  ...gatewayMessages,
  ...sessionMessages,
  ...partMessages,
  ...hookMessages,
])
export type ClientMessage = Immutable<z.infer<typeof ClientMessage>>

/** What a hook may post. */
export const HookMessage = z.discriminatedUnion('type', hookMessages)
export type HookMessage = Immutable<z.infer<typeof HookMessage>>

export type PartMessage = Immutable<z.infer<(typeof partMessages)[number]>>
/** What an actor understands. */
export type SessionMessage =
  | Immutable<z.infer<(typeof sessionMessages)[number]>>
  | (PartMessage & { readonly session_id: string })
export type GatewayMessage = Immutable<z.infer<(typeof gatewayMessages)[number]>>

/** Tags of the messages that go to the actor of their `session_id`. */
export const SESSION_MESSAGE_TYPES: ReadonlySet<string> = new Set(sessionMessages.map(tagOf))
/** Tags of the messages that go to the actor of the session that the part they name belongs to. */
export const PART_MESSAGE_TYPES: ReadonlySet<string> = new Set(partMessages.map(tagOf))
