import { describe, expect, test } from 'bun:test'
import { ADDED_TAGS, golden, published, read, SIDES, tags } from './wire.ts'

/** Read by the server only; the example says `decision`. */
const ALIASES = ['approved']

test('wire version 1 has 43 client messages and 41 frames of the original, and what was added', () => {
  expect(tags.client).toHaveLength(43 + ADDED_TAGS.client.length)
  expect(tags.server).toHaveLength(41 + ADDED_TAGS.server.length)
  expect(new Set([...tags.client, ...tags.server]).size).toBe(tags.client.length + tags.server.length)
})

for (const side of SIDES) {
  describe(`the example of each ${side} message`, () => {
    for (const tag of tags[side]) {
      test(`${tag} is read unchanged`, () => {
        const example = golden(side, tag)
        expect(example.type).toBe(tag)
        expect(read(side, example)).toStrictEqual(example)
      })

      test(`${tag} shows every key`, () => {
        const declared = published[side].oneOf?.find(({ title }) => title === tag)?.properties ?? {}
        const keys = Object.keys(declared).filter((key) => !ALIASES.includes(key))
        expect(Object.keys(golden(side, tag)).sort()).toEqual(keys.sort())
      })
    }

    test('belongs to a message', async () => {
      const files = await Array.fromAsync(new Bun.Glob('*.json').scan(`${import.meta.dir}/../wire/${side}`))
      expect(files.sort()).toEqual(tags[side].map((tag) => `${tag}.json`).sort())
    })
  })
}
