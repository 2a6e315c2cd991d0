import { describe, expect, test } from 'bun:test'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prompt } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

/** A server whose user has a few directories. */
async function serving() {
  const server = await LocalServer.start()
  const place = join(server.home, 'place')
  for (const directory of ['Zed', 'alpha/.git', 'beta', '.hidden'])
    mkdirSync(join(place, directory), { recursive: true })
  writeFileSync(join(place, 'file.txt'), '')
  writeFileSync(join(place, 'beta', '.git'), 'gitdir: elsewhere')
  symlinkSync(join(place, 'alpha'), join(place, 'link'))
  symlinkSync(join(place, 'nowhere'), join(place, 'broken'))
  return { server, place, client: await server.client(), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const entries = [
  { name: 'alpha', is_dir: true, is_git: true },
  { name: 'beta', is_dir: true, is_git: true },
  { name: 'link', is_dir: true, is_git: true },
  { name: 'Zed', is_dir: true, is_git: false },
  { name: 'broken', is_dir: false, is_git: false },
  { name: 'file.txt', is_dir: false, is_git: false },
]

describe('a directory', () => {
  test('is listed with directories first, each kind by name, and without what is hidden', async () => {
    await using world = await serving()
    for (const path of [world.place, '~/place', 'place', join(world.place, 'Zed', '..')]) {
      world.client.send({ type: 'browse_directory', path })
      expect(await world.client.expect('directory_listing')).toMatchObject({ path: world.place, entries })
    }
  })

  test('is the user’s own where none is named, and the real one where a link is', async () => {
    await using world = await serving()
    for (const over of [{}, { path: '' }, { path: '~' }]) {
      world.client.send({ type: 'browse_directory', ...over })
      expect((await world.client.expect('directory_listing')).path).toBe(world.server.home)
    }
    world.client.send({ type: 'browse_directory', path: join(world.place, 'link') })
    expect(await world.client.expect('directory_listing')).toMatchObject({
      path: join(world.place, 'alpha'),
      entries: [],
    })
  })

  test.each([
    ['none', 'does not exist.'],
    ['file.txt', 'is not a directory.'],
    ['broken', 'does not exist.'],
  ])('that cannot be listed is refused with the reason: %s', async (name, reason) => {
    await using world = await serving()
    const path = join(world.place, name)
    world.client.send({ type: 'browse_directory', path })
    const error = { code: 'browse_error', message: `${path} ${reason}`, session_id: null }
    expect(await world.client.expect('error')).toMatchObject(error)
  })

  test('with thousands of long names fits into a frame', async () => {
    await using world = await serving()
    const crowded = join(world.server.home, 'crowded')
    mkdirSync(crowded)
    for (let nth = 0; nth < 5_000; nth++) writeFileSync(join(crowded, `${nth}-${'x'.repeat(240)}`), '')
    world.client.send({ type: 'browse_directory', path: crowded })
    const listing = await world.client.expect('directory_listing')
    expect(listing.entries.length).toBeGreaterThan(2_000)
    expect(JSON.stringify(listing).length).toBeLessThan(960 * 1024)
  })
})

test('recent projects are those of the sessions, the latest first', async () => {
  await using server = await LocalServer.start()
  const client = await server.client()
  client.send({ type: 'list_recent_projects' })
  expect((await client.expect('recent_projects_list')).projects).toEqual([])
  for (const [id, cwd] of [
    ['s1', '/one'],
    ['s2', '/two'],
    ['s3', '/two'],
  ] as const)
    await server.hook(prompt(id, 'go', { cwd }))
  client.send({ type: 'list_recent_projects' })
  const { projects } = await client.expect('recent_projects_list')
  const byPath = projects.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  expect(byPath).toEqual([
    { path: '/one', session_count: 1, last_active: expect.stringMatching(/^\d+Z$/) },
    { path: '/two', session_count: 2, last_active: expect.stringMatching(/^\d+Z$/) },
  ])
})
