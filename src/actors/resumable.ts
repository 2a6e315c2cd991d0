/** Whether the server may go on with a session itself. */
import { errorFrame } from '../protocol/errors.ts'
import type { SessionState } from '../session/state.ts'
import type { LivenessDesk } from './liveness-desk.ts'

/** Why not, as the client is told; undefined when it may: two agents must not write to one conversation. */
export function cannotResume(
  sessionId: string,
  state: SessionState | undefined,
  liveness: Pick<LivenessDesk, 'holderOf' | 'isElsewhere'>,
): ReturnType<typeof errorFrame> | undefined {
  if (!state?.listed) return errorFrame('not_found', sessionId)
  if (state.provider !== 'claude') return errorFrame('not_supported', sessionId)
  const isActive = state.phase.name !== 'ended'
  if (isActive && state.integrationMode === 'direct') return errorFrame('already_active', sessionId)
  if (liveness.isElsewhere(sessionId))
    return errorFrame('already_active', sessionId, 'This session runs on another machine, or in a container.')
  const holder = liveness.holderOf(sessionId)
  if (holder === null) return undefined
  const where = `Claude has this session open (process ${holder}).`
  return errorFrame('already_active', sessionId, `${where} Leave it there with /exit, then go on with it here.`)
}
