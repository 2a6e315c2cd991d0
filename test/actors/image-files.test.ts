import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImageFiles } from '../../src/actors/image-files.ts'
import type { ImageInput } from '../../src/protocol/model/message.ts'
import type { Input } from '../../src/session/transition.ts'
import { aMessage, SESSION_ID } from '../support/builders.ts'

const bytes = Buffer.from('a picture '.repeat(100))
const inline = (kind = 'image/png', content = bytes): ImageInput => ({
  input_type: 'url',
  value: `data:${kind};base64,${content.toString('base64')}`,
})

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orbitdock-'))
})

afterEach(() => rmSync(root, { recursive: true }))

const row = (...images: ImageInput[]): Input => ({
  from: 'agent',
  event: { type: 'message_reported', message: aMessage({ images }) },
})
const kept = (input: Input, sessionId = SESSION_ID) => new ImageFiles(root).withFiles(sessionId, input)
/** The pictures of a row once they are kept. */
function imagesOf(...images: ImageInput[]): readonly ImageInput[] {
  const input = kept(row(...images))
  return input.from === 'agent' && input.event.type === 'message_reported' ? input.event.message.images : []
}

describe('a picture', () => {
  test('goes into a file that only its owner may read, and the row names it', () => {
    const [image] = imagesOf(inline())
    expect(image?.input_type).toBe('path')
    const path = image?.value ?? ''
    expect(path).toStartWith(join(root, SESSION_ID))
    expect(path).toEndWith('.png')
    expect(readFileSync(path)).toEqual(bytes)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(root, SESSION_ID)).mode & 0o777).toBe(0o700)
  })

  test('that comes again is the same file', () => {
    expect(imagesOf(inline(), inline())).toEqual([...imagesOf(inline()), ...imagesOf(inline())])
    expect(readdirSync(join(root, SESSION_ID))).toHaveLength(1)
  })

  test.each([
    ['image/jpeg', '.jpg'],
    ['image/svg+xml', '.svg'],
    ['image/webp;charset=x', '.webp'],
    ['image/unheard-of', '.png'],
  ])('of the kind %s ends in %s', (kind, ending) => {
    expect(imagesOf(inline(kind))[0]?.value).toEndWith(ending)
  })

  test('that is small enough for a snapshot stays in its row, and so does what is no data', () => {
    const images = [
      inline('image/png', Buffer.from('small')),
      { input_type: 'path', value: `/${'x'.repeat(600)}.png` },
      { input_type: 'url', value: `https://example.org/${'x'.repeat(600)}.png` },
    ]
    expect(imagesOf(...images)).toEqual(images)
  })

  test('that cannot be written stays in its row', () => {
    writeFileSync(join(root, SESSION_ID), 'in the way')
    expect(imagesOf(inline())).toEqual([inline()])
  })

  test('never leaves the directory of pictures, whatever the session is called', () => {
    kept(row(inline()), '../../outside')
    expect(readdirSync(root)).toEqual(['______outside'])
  })
})

test('pictures of results, of the past and of prompts go into files, too', () => {
  const files = imagesOf(inline())
  const changed = { type: 'message_changed', id: 'x', images: [inline()] } as const
  expect(kept({ from: 'agent', event: changed })).toEqual({ from: 'agent', event: { ...changed, images: files } })
  const past = { type: 'past_told', sequence: 1, told: changed } as const
  expect(kept({ from: 'agent', event: past })).toMatchObject({ event: { sequence: 1, told: { images: files } } })
  const prompt: Input = {
    from: 'client',
    message: {
      type: 'send_message',
      session_id: SESSION_ID,
      content: 'Look',
      skills: [],
      images: [inline()],
      mentions: [],
    },
  }
  expect(kept(prompt)).toMatchObject({ from: 'client', message: { content: 'Look', images: files } })
})

test('what has no pictures is left alone', () => {
  const inputs: Input[] = [
    row(),
    { from: 'agent', event: { type: 'turn_started' } },
    { from: 'client', message: { type: 'interrupt_session', session_id: SESSION_ID } },
  ]
  expect(inputs.map((input) => kept(input))).toEqual(inputs)
  expect(readdirSync(root)).toEqual([])
})
