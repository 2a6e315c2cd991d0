/** Who wants to hear what. */
import { z } from 'zod'
import { optional, request } from '../define.ts'
import { u64 } from '../model/scalars.ts'

export const subscriptionMessages = [
  request('subscribe_list', 'Asks for the list of sessions and follows it.', {}),
  request('subscribe_session', 'Follows one session; answered by what was missed, or by a snapshot.', {
    session_id: z.string(),
    since_revision: optional(u64).describe('The last revision that the client has seen.'),
  }),
  request('unsubscribe_session', 'Stops following one session.', { session_id: z.string() }),
] as const
