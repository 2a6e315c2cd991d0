import { expect, test } from 'bun:test'
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts'
import { published } from './wire.ts'

/** Words for people; they may change without moving the wire. */
const PROSE = ['title', 'description', '$comment']

test('the wire has not moved unnoticed: a change here belongs in the history of version.ts', () => {
  const format = JSON.stringify(published, (key, value) =>
    PROSE.includes(key) && typeof value === 'string' ? '' : value,
  )
  expect({ version: PROTOCOL_VERSION, fingerprint: Bun.hash(format).toString(36) }).toMatchInlineSnapshot(`
    {
      "fingerprint": "3arch22hfew8",
      "version": 1,
    }
  `)
})
