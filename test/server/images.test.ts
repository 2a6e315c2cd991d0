import { describe, expect, test } from 'bun:test'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { prompt } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import { aPicture } from '../support/picture.ts'

const SESSION = 'a/strange:session'
const NAME = `${'0'.repeat(32)}.png`

/** A server that has kept a picture of a conversation; `image` asks for one as another program would. */
async function serving(flags = {}) {
  const server = await LocalServer.start({ flags })
  const transcript_path = join(server.home, '.claude', 'projects', 'p', 's1.jsonl')
  const source = { type: 'base64', media_type: 'image/png', data: aPicture().toString('base64') }
  const message = { role: 'user', content: [{ type: 'image', source }] }
  mkdirSync(join(transcript_path, '..'), { recursive: true })
  writeFileSync(transcript_path, `${JSON.stringify({ type: 'user', uuid: 'u1', message })}\n`)
  const root = join(server.home, '.orbitdock', 'images')
  const image = (name: string, init?: RequestInit, session = SESSION) =>
    fetch(`${server.url}/api/sessions/${encodeURIComponent(session)}/images/${encodeURIComponent(name)}`, init)
  return { server, root, transcript_path, image, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** Serves the picture of a row, and answers the name that a client takes from it. */
async function shown({ server, transcript_path }: Awaited<ReturnType<typeof serving>>): Promise<string> {
  await server.hook(prompt(SESSION, 'look', { transcript_path }))
  const client = await server.client()
  await client.follow(SESSION)
  const hasPicture = ({ images }: { images?: readonly unknown[] | undefined }) => (images ?? []).length > 0
  const view = await client.waitForView(SESSION, 'a picture', ({ messages }) => messages.some(hasPicture))
  const [picture] = view.messages.find(hasPicture)?.images ?? []
  expect(picture?.input_type).toBe('path')
  return basename(picture?.value ?? '')
}

describe('the picture of a row', () => {
  test('is read by clients that see no file of this machine', async () => {
    await using world = await serving()
    const name = await shown(world)
    const answer = await world.image(name)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array(aPicture()))
  })

  test('can be asked about, and not be changed', async () => {
    await using world = await serving()
    const name = await shown(world)
    const head = await world.image(name, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(aPicture().length)])
    expect(await head.text()).toBe('')
    const put = await world.image(name, { method: 'PUT', body: 'x' })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('is for those who may come in', async () => {
    await using world = await serving({ authToken: 'secret' })
    const directory = join(world.root, 's1')
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, NAME), 'x')
    const status = async (headers: Record<string, string>) => (await world.image(NAME, { headers }, 's1')).status
    expect(await status({})).toBe(401)
    expect(await status({ authorization: 'Bearer wrong' })).toBe(401)
    expect(await status({ authorization: 'Bearer secret', origin: 'https://elsewhere.example' })).toBe(403)
    expect(await status({ authorization: 'Bearer secret', host: 'elsewhere.example' })).toBe(403)
    expect(await status({ authorization: 'Bearer secret' })).toBe(200)
  })
})

describe('nothing but a picture of the session is served', () => {
  test.each([
    '../../auth-token',
    '..',
    'auth-token',
    `${'0'.repeat(31)}.png`,
    `${'0'.repeat(32)}.png.part`,
    `${'0'.repeat(32)}.txt`,
    `${'0'.repeat(32)}.png/`,
    `./${'0'.repeat(32)}.png`,
    `${'1'.repeat(32)}.png`,
  ])('not %s', async (name) => {
    await using world = await serving()
    const directory = join(world.root, 's1')
    mkdirSync(directory, { recursive: true })
    for (const file of [NAME, `${NAME}.part`, `${'0'.repeat(32)}.txt`, 'auth-token'])
      writeFileSync(join(directory, file), 'secret')
    expect((await world.image(name, {}, 's1')).status).toBe(404)
    expect((await world.image(NAME, {}, 's1')).status).toBe(200)
  })

  test('not what another session has, a directory, or a link', async () => {
    await using world = await serving()
    const [directory, outside] = [join(world.root, 's1'), join(world.server.home, 'outside')]
    for (const path of [directory, outside, join(directory, `${'2'.repeat(32)}.png`)])
      mkdirSync(path, { recursive: true })
    writeFileSync(join(outside, NAME), 'secret')
    symlinkSync(join(outside, NAME), join(directory, NAME))
    symlinkSync(outside, join(world.root, 's2'))
    const asked = [world.image(NAME, {}, 's1'), world.image(NAME, {}, 's2'), world.image(NAME, {}, '../outside')]
    asked.push(world.image(`${'2'.repeat(32)}.png`, {}, 's1'), world.image(NAME, {}, '..'), world.image(NAME, {}, '.'))
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404])
    expect(readdirSync(world.root)).toContain('s2')
  })
})
