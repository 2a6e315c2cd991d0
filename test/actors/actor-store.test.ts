import { afterEach, expect, test } from 'bun:test'
import { ActorStore } from '../../src/actors/actor-store.ts'
import { ACTOR_IDLE_MS } from '../../src/lib/limits.ts'
import { afterwards, cleanUp, newDatabasePath, opened } from '../store/fixtures.ts'
import { NOW } from '../support/builders.ts'

afterEach(cleanUp)

test('a session leaves memory when nobody has dealt with it for long, but not while a command runs in it', () => {
  const path = newDatabasePath()
  opened(path)
  const actors = new ActorStore(path, `${path}.images`)
  afterwards(() => actors.close())
  const [idle, running] = [actors.findOrCreate('s1', NOW), actors.findOrCreate('s2', NOW)]
  running.state = { ...running.state, shells: ['s2:shell:0'] }
  actors.findOrCreate('s3', NOW + ACTOR_IDLE_MS)
  expect(actors.idle(NOW + ACTOR_IDLE_MS)).toEqual([])
  expect(actors.idle(NOW + ACTOR_IDLE_MS + 1)).toEqual([idle])
})
