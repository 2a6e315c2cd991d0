/** Everything the server may say. */
import { z } from 'zod'
import type { Immutable } from '../define.ts'
import { approvalFrames } from './approvals.ts'
import { claudeFrames } from './claude.ts'
import { codexFrames } from './codex.ts'
import { connectionFrames } from './connection.ts'
import { machineFrames } from './machine.ts'
import { mcpFrames } from './mcp.ts'
import { messageFrames } from './messages.ts'
import { reviewFrames } from './review.ts'
import { sessionFrames } from './sessions.ts'
import { skillFrames } from './skills.ts'
import { turnFrames } from './turns.ts'

export const ServerMessage = z.discriminatedUnion('type', [
  ...connectionFrames,
  ...sessionFrames,
  ...messageFrames,
  ...approvalFrames,
  ...turnFrames,
  ...codexFrames,
  ...claudeFrames,
  ...skillFrames,
  ...mcpFrames,
  ...reviewFrames,
  ...machineFrames,
])
export type ServerMessage = Immutable<z.infer<typeof ServerMessage>>
