import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { elicitationAnswer } from '../../../src/connectors/claude/elicitation.ts'
import { promptContent } from '../../../src/connectors/claude/prompt.ts'
import { Prompts } from '../../../src/connectors/claude/prompts.ts'
import { promptId } from '../../../src/session/prompt-id.ts'
import type { Decision } from '../../../src/session/state.ts'
import { temporaryHome } from '../../support/temporary-home.ts'

const SESSION = '0b5d3c1e-7f5a-4c58-9b7f-6f1f0f3f2a10'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('prompts have ids that Claude keeps, each its own', () => {
  const ids = [0, 1, 2, 4096].map((sequence) => promptId(SESSION, sequence))
  for (const id of ids) expect(id).toMatch(UUID)
  expect(new Set(ids).size).toBe(ids.length)
  expect(promptId('no uuid', 7)).toBe('prompt:7')
})

test('a prompt is sent under the id of its row', () => {
  const prompts = new Prompts(SESSION)
  const id = promptId(SESSION, 3)
  expect(prompts.add(`${SESSION}:${id}`, false, false)).toBe(id)
  expect(prompts.add(null, false, false)).not.toBe(id)
})

test('guidance says whether the turn that it was meant for has read it', () => {
  const prompts = new Prompts(SESSION)
  const steer = (sequence: number) => prompts.add(`${SESSION}:${promptId(SESSION, sequence)}`, true, true)
  const heard = (uuid: string) => prompts.heard({ uuid, isReplay: true })
  const first = steer(1)
  const second = steer(2)
  expect(heard(first)).toEqual([{ type: 'message_changed', id: `${SESSION}:${first}`, toolOutput: 'delivered' }])
  prompts.turnEnded()
  expect(heard(second)).toEqual([{ type: 'message_changed', id: `${SESSION}:${second}`, toolOutput: 'fallback' }])
  expect(heard(second)).toEqual([])
})

test('pictures travel as base64, and mentions in the text', async () => {
  using place = temporaryHome()
  const path = join(place.path, 'dot.png')
  writeFileSync(path, 'png')
  const images = [
    { input_type: 'url', value: 'data:image/gif;base64,R0lG' },
    { input_type: 'path', value: path },
  ]
  const mentions = [{ name: 'a.ts', path: '/proj/a.ts' }]
  expect(await promptContent({ content: 'Look', images, mentions })).toEqual([
    { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: 'R0lG' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'cG5n' } },
    { type: 'text', text: 'Look\n@/proj/a.ts' },
  ])
  const missing = [{ input_type: 'path', value: join(place.path, 'none.png') }]
  expect(promptContent({ content: '', images: missing, mentions: [] })).rejects.toThrow('could not be read')
})

const decision = (over: Partial<Decision>): Decision => ({
  verdict: 'answered',
  message: null,
  interrupt: false,
  updatedInput: null,
  answer: null,
  ...over,
})

test('a form of an MCP server takes one text, fields as JSON, or a refusal', () => {
  const schema = { type: 'object', properties: { age: { type: 'integer' } } }
  expect(elicitationAnswer(schema, decision({ answer: '7' }))).toEqual({ action: 'accept', content: { age: 7 } })
  expect(elicitationAnswer(schema, decision({ answer: '{"age":8}' }))).toEqual({
    action: 'accept',
    content: { age: 8 },
  })
  expect(elicitationAnswer({}, decision({ verdict: 'approved' }))).toEqual({ action: 'accept', content: {} })
  expect(elicitationAnswer(schema, decision({ verdict: 'denied' }))).toEqual({ action: 'decline' })
  expect(elicitationAnswer(schema, decision({ verdict: 'abort' }))).toEqual({ action: 'cancel' })
})
