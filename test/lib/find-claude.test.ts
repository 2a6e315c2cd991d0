import { expect, test } from 'bun:test'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findClaude } from '../../src/lib/find-claude.ts'
import { temporaryHome } from '../support/temporary-home.ts'

test('only the configured program is taken; without one, the user’s own installation, then the search path', () => {
  using place = temporaryHome()
  const program = (...parts: string[]) => {
    const path = join(place.path, ...parts)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '#!/bin/sh\n')
    chmodSync(path, 0o755)
    return path
  }
  const places = { configured: null, home: place.path, path: `relative:${join(place.path, 'bin')}` }
  const onPath = program('bin', 'claude')
  expect(findClaude(places)).toBe(onPath)
  const local = program('.claude', 'local', 'claude')
  expect(findClaude(places)).toBe(local)
  const own = program('own', 'claude')
  expect(findClaude({ ...places, configured: own })).toBe(own)
  expect(findClaude({ ...places, configured: join(place.path, 'nothing') })).toBeNull()
})
