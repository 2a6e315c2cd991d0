import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConversationChain } from '../../src/transcripts/conversation-chain.ts'

const directory = mkdtempSync(join(tmpdir(), 'chain-'))
afterAll(() => rmSync(directory, { recursive: true }))

const prompt = (uuid: string, parentUuid: string | null, text = uuid) => ({
  ...{ type: 'user', uuid, parentUuid },
  message: { role: 'user', content: [{ type: 'text', text }] },
})
const answer = (uuid: string, parentUuid: string, stop_reason: string | null = 'end_turn') => ({
  ...{ type: 'assistant', uuid, parentUuid },
  message: { role: 'assistant', content: [{ type: 'text', text: uuid }], stop_reason },
})
const result = (uuid: string, parentUuid: string) => ({
  ...{ type: 'user', uuid, parentUuid },
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'done' }] },
})
const note = (uuid: string, parentUuid: string) => ({ type: 'attachment', uuid, parentUuid, attachment: { type: 'x' } })

async function chainOf(...entries: readonly object[]): Promise<ConversationChain> {
  const path = join(directory, `${crypto.randomUUID()}.jsonl`)
  writeFileSync(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  const chain = await ConversationChain.read(path)
  if (!chain) throw new Error('there is a file')
  return chain
}

const TWO_TURNS = [
  prompt('p1', null),
  note('n1', 'p1'),
  answer('a1', 'n1', null),
  answer('a2', 'a1'),
  note('n2', 'a2'),
  prompt('p2', 'n2'),
  answer('a3', 'p2', 'tool_use'),
  result('r1', 'a3'),
  answer('a4', 'r1'),
]

test('prompts are told from results of tools, and what stands before one is the last line of an answer', async () => {
  const chain = await chainOf(...TWO_TURNS)
  expect(chain.end).toBe('a4')
  expect(chain.promptsTo(chain.end)).toEqual(['p1', 'p2'])
  expect(chain.promptsTo('a2')).toEqual(['p1'])
  expect(chain.messageBefore('p2')).toBe('a2')
  expect(chain.messageBefore('p1')).toBeNull()
  expect(chain.isInTurn).toBe(false)
})

test('a turn is not over while its tools run', async () => {
  expect((await chainOf(...TWO_TURNS.slice(0, 7))).isInTurn).toBe(true)
  expect((await chainOf(...TWO_TURNS.slice(0, 8))).isInTurn).toBe(true)
  expect((await chainOf(...TWO_TURNS.slice(0, 6))).isInTurn).toBe(true)
})

test('what was taken back is no part of the conversation once it has gone on elsewhere', async () => {
  const chain = await chainOf(...TWO_TURNS, prompt('p3', 'a2'), answer('a5', 'p3'))
  expect(chain.promptsTo(chain.end)).toEqual(['p1', 'p3'])
  expect([chain.isInMind('a2'), chain.isInMind('a4')]).toEqual([true, false])
})

test('what was summarised is no longer in mind, but its prompts are counted', async () => {
  const summary = { ...prompt('s', 'c'), isCompactSummary: true }
  const boundary = { type: 'system', subtype: 'compact_boundary', uuid: 'c', parentUuid: null, logicalParentUuid: 'a4' }
  const chain = await chainOf(...TWO_TURNS, boundary, summary, prompt('p3', 's'), answer('a5', 'p3'))
  expect(chain.promptsTo(chain.end)).toEqual(['p1', 'p2', 'p3'])
  expect(chain.messageBefore('p3')).toBe('s')
  expect([chain.isInMind('s'), chain.isInMind('a2')]).toEqual([true, false])
})

test('a command of the CLI is no turn, and what 2.1.197 links to what it has summarised does not bring that back', async () => {
  const boundary = { type: 'system', subtype: 'compact_boundary', uuid: 'c', parentUuid: null, logicalParentUuid: 'a4' }
  const summary = { ...prompt('s', 'c'), isCompactSummary: true }
  const command = prompt('m', 'a4', '<command-name>/compact</command-name><command-args></command-args>')
  const chain = await chainOf(...TWO_TURNS, boundary, summary, command)
  expect([chain.end, chain.promptsTo(chain.end)]).toEqual(['m', ['p1', 'p2']])
  expect([chain.isInMind('m'), chain.isInMind('a2'), chain.endsInSummary]).toEqual([true, false, true])
})

test('a prompt that was written behind its answer changes nothing', async () => {
  const [first, ...others] = TWO_TURNS.slice(0, 4)
  const chain = await chainOf(...others, first ?? {})
  expect([chain.end, chain.promptsTo('a2'), chain.isInTurn]).toEqual(['a2', ['p1'], false])
})

test('guidance is there once it is written, under the id that it was sent with', async () => {
  const attachment = { type: 'queued_command', prompt: 'Be quick', source_uuid: 'g1' }
  const chain = await chainOf(...TWO_TURNS, { ...note('n9', 'a4'), attachment })
  expect([chain.has('g1'), chain.has('n9'), chain.has('g2')]).toEqual([true, true, false])
  expect(chain.promptsTo(chain.end)).toEqual(['p1', 'p2'])
})

test('there is none where there is no file, and an empty one has no end', async () => {
  expect(await ConversationChain.read(join(directory, 'nowhere.jsonl'))).toBeNull()
  expect((await chainOf()).end).toBeNull()
})
