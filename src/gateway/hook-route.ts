/** POST /api/hook: acknowledged after COMMIT, or held until somebody answers. */
import type { ActorPool } from '../actors/actor-pool.ts'
import type { StoreLink } from '../store/store-link.ts'
import type { HeldPosts } from './held-posts.ts'

export interface HookRouteParts {
  readonly pool: ActorPool
  readonly store: StoreLink
  readonly held: HeldPosts
  readonly spool: SpoolGate
}

/** Spooled events are older than those that arrive now. */
export interface SpoolGate {
  /** Settles when what was spooled before the start is applied; undefined when that is so. */
  readonly starting: Promise<void> | undefined
  /** Applies what is spooled now. */
  drain(): Promise<void>
}

/** A guess without parsing, good for every body that Claude writes; the host of actors checks it. */
const SESSION_ID = /"session_id"\s*:\s*"([^"\\]{1,200})"/

/** The handler; `waiting` when the sender asked for the answer with `?wait=1`. */
export function hookRoute({ pool, store, held, spool }: HookRouteParts) {
  return async (request: Request, waiting: boolean): Promise<Response> => {
    if (!request.headers.get('content-type')?.includes('json'))
      return refused(415, 'send the event as application/json')
    const body = await request.text()
    if (spool.starting) await spool.starting
    else if (request.headers.has('x-orbitdock-spooled')) await spool.drain()
    if (store.failure !== null) return refused(503, store.failure)
    return apply({ pool, held }, body, waiting ? request.signal : undefined)
  }
}

/** Applies one body; settles after COMMIT, or with the answer when `gone`, the end of the caller's patience, is given. */
export function apply(
  { pool, held }: Pick<HookRouteParts, 'pool' | 'held'>,
  body: string,
  gone: AbortSignal | undefined,
): Promise<Response> {
  const sessionId = SESSION_ID.exec(body)?.[1] ?? ''
  return new Promise((resolve) => {
    pool.post(gone ? 'ask' : 'hook', sessionId, body, {
      done: () => resolve(new Response(null, { status: 204 })),
      refused: (status, reason) => resolve(refused(status, reason)),
      hold: (eventId) => {
        if (gone) resolve(held.wait(sessionId, eventId, gone))
      },
    })
  })
}

function refused(status: number, reason: string): Response {
  return new Response(`${reason}\n`, { status })
}
