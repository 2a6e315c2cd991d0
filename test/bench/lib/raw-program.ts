/** The floor of the runtime: reads the body, publishes one frame, answers. No parsing, no state, no disk. */

/** As long as what was said last in the frames of a real server, because bytes are a good part of the cost of many clients. */
const LAST_MESSAGE = 'x'.repeat(130)

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(Bun.argv[2]),
  async fetch(request, server) {
    const { pathname } = new URL(request.url)
    if (pathname === '/ws') return server.upgrade(request) ? undefined : new Response(null, { status: 400 })
    const body = await request.text()
    const session = /"session_id":"([^"]*)"/.exec(body)?.[1]
    const status = body.includes('UserPromptSubmit') ? 'working' : body.includes('"Stop"') ? 'waiting' : undefined
    if (status)
      server.publish(
        'list',
        JSON.stringify({
          type: 'session_delta',
          session_id: session,
          changes: { work_status: status, last_message: LAST_MESSAGE },
        }),
      )
    return new Response(null, { status: 204 })
  },
  websocket: {
    message(client) {
      client.subscribe('list')
      client.send('{"type":"sessions_list","sessions":[]}')
    },
  },
})
