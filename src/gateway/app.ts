/** The HTTP routes. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Log } from '../lib/log.ts'

export interface AppParts {
  readonly version: string
  /** What a person should know; shown by /health and `status`. */
  warnings(): readonly string[]
  hook(request: Request, waiting: boolean): Promise<Response>
  image(sessionId: string, name: string): Promise<Response>
  readonly log: Log
}

/** Everything but the WebSocket. Admission has been decided before. */
export function createApp({ version, warnings, hook, image, log }: AppParts): Hono {
  const app = new Hono()
  app.get('/health', (c) => {
    const told = warnings()
    return c.json({ status: 'ok', version, ...(told.length > 0 && { warnings: told }) })
  })
  for (const path of ['/api/hook', '/hook']) {
    app.post(path, (c) => hook(c.req.raw, c.req.query('wait') === '1'))
    app.all(path, () => new Response(null, { status: 405, headers: { allow: 'POST' } }))
  }
  const images = '/api/sessions/:id/images/:name'
  app.get(images, (c) => image(c.req.param('id'), c.req.param('name')))
  app.all(images, () => new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } }))
  app.notFound(() => new Response('There is nothing here.\n', { status: 404 }))
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse()
    log.error('http.request.failed', { reason: `${error.name}: ${error.message}` })
    return new Response('The server could not handle this request; its log says why.\n', { status: 500 })
  })
  return app
}
