/** The scripted model answers in the shape of the Messages API, and goes on only when the test lets it. */
import { describe, expect, test } from 'bun:test'
import { ModelServer } from './model-server.ts'

type Turn = { readonly role: 'user' | 'assistant'; readonly content: string }

function ask(model: ModelServer, messages: readonly Turn[], more: object = {}): Promise<Response> {
  const body = JSON.stringify({ model: 'any', max_tokens: 100, messages, stream: true, ...more })
  return fetch(`${model.url}/v1/messages?beta=true`, { method: 'POST', body })
}

const user = (content: string): Turn => ({ role: 'user', content })
const assistant = (content: string): Turn => ({ role: 'assistant', content })

/** The data of every event of a stream. */
async function events(response: Response): Promise<Record<string, unknown>[]> {
  const blocks = (await response.text()).trim().split('\n\n')
  return blocks.map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)))
}

describe('the scripted model', () => {
  test('streams every block as the API does', async () => {
    await using model = new ModelServer('/project')
    const response = await ask(model, [user('[s:bash] Go')])
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const all = await events(response)
    expect([...new Set(all.map(({ type }) => type))]).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    const json = all.flatMap(({ delta }) => (delta as { partial_json?: string })?.partial_json ?? []).join('')
    expect(JSON.parse(json)).toEqual({ command: 'echo hello-from-bash', description: 'Say hello' })
    expect(all.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } })
  })

  test('goes a step further with each of its answers, and starts anew with the next prompt', async () => {
    await using model = new ModelServer('/project')
    const before = [user('[s:two-steps] Go'), assistant('first'), user('result')]
    await ask(model, before)
    await ask(model, [...before, assistant('second'), user('[s:plain] And now?')])
    expect(model.requests).toMatchObject([
      { kind: 'turn', script: 'two-steps', step: 1 },
      { kind: 'turn', script: 'plain', step: 0 },
    ])
  })

  test('waits at a gate, also in the middle of an answer', async () => {
    await using model = new ModelServer('/project')
    const [start, middle] = [model.hold('plain'), model.hold('plain', 0, 'middle')]
    const response = ask(model, [user('[s:plain] Go')])
    await start.reached()
    start.open()
    const reader = (await response).body?.getReader()
    await middle.reached()
    const first = new TextDecoder().decode((await reader?.read())?.value)
    expect(first).toContain('message_start')
    expect(first).not.toContain('message_stop')
    middle.open()
    expect((await reader?.read())?.done).toBe(false)
  })

  test('fails as the script says, at once or in the middle', async () => {
    await using model = new ModelServer('/project')
    const refused = await ask(model, [user('[s:error-529] Go')])
    expect([refused.status, await refused.json()]).toMatchObject([
      529,
      { type: 'error', error: { type: 'overloaded_error' } },
    ])
    const broken = await events(await ask(model, [user('[s:error-midway] Go')]))
    expect(broken.at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } })
  })

  test('answers what Claude asks for its own purposes without taking a step', async () => {
    await using model = new ModelServer('/project')
    const schema = { type: 'object', properties: { title: { type: 'string' } } }
    const format = { output_config: { format: { type: 'json_schema', schema } }, stream: false }
    const response = await ask(model, [user('[s:bash] Go')], format)
    expect(await response.json()).toMatchObject({ content: [{ text: '{"title":"Scripted title"}' }] })
    await ask(model, [user('[s:bash] Go'), assistant('…'), user('Your task is to create a detailed summary of it.')])
    expect(model.requests.map(({ kind }) => kind)).toEqual(['title', 'summary'])
  })

  test('names the script that does not exist', async () => {
    await using model = new ModelServer('/project')
    const refused = await ask(model, [user('[s:no-such-script] Go')])
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('no script is called no-such-script')
  })
})
