import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TURN_TAIL_BYTES } from '../../src/transcripts/limits.ts'
import { turnAtEnd, turnGoesOn } from '../../src/transcripts/turn-at-end.ts'
import { recordedEntries } from './recorded-transcripts.ts'

const folder = mkdtempSync(join(tmpdir(), 'turn-at-end-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** After each line of a recording that tells something new, by its kind. */
function story(recording: string): readonly string[] {
  const lines: string[] = []
  return recordedEntries(recording).flatMap((entry) => {
    lines.push(JSON.stringify(entry))
    const told = turnGoesOn(lines.join('\n'))
    return entry.type === 'user' || entry.type === 'assistant' ? [`${entry.type} ${told}`] : []
  })
}

describe('the turn with which a transcript ends', () => {
  test('goes on from the prompt to the last word of the model', () => {
    expect(story('p-bash')).toEqual(['user true', 'assistant true', 'assistant true', 'user true', 'assistant false'])
    expect(story('v329-p-bash')).toEqual(story('p-bash'))
  })

  test('is over after an interruption and after an error', () => {
    expect(story('i-interrupt').at(-1)).toBe('user false')
    expect(story('p-err400').at(-1)).toBe('assistant false')
  })

  test('is over before a command that the CLI carries out itself', () => {
    const answer = '{"type":"assistant","message":{"stop_reason":"end_turn"}}'
    const command = '{"type":"user","message":{"content":"<command-name>/exit</command-name>"}}'
    expect(turnGoesOn(`${answer}\n${command}`)).toBe(false)
  })

  test('is over where claude 2.1.197 wrote the prompt behind its answer', () => {
    const prompt = '{"type":"user","uuid":"u1","parentUuid":null,"message":{"content":"Go"}}'
    const answer = '{"type":"assistant","uuid":"a1","parentUuid":"u1","message":{"stop_reason":"end_turn"}}'
    expect(turnGoesOn(`${answer}\n${prompt}`)).toBe(false)
  })

  test('is not told by what is no part of it', () => {
    expect(turnGoesOn('')).toBeNull()
    expect(turnGoesOn('{"type":"mode"}\nno json\n')).toBeNull()
    expect(turnGoesOn('{"type":"user","isSidechain":true,"message":{"content":"Go"}}\n')).toBeNull()
    expect(
      turnGoesOn('{"type":"user","message":{"content":"<local-command-stdout></local-command-stdout>"}}'),
    ).toBeNull()
  })

  test('is found at the end of a long file, and never through a link', () => {
    const path = join(folder, 'long.jsonl')
    const long = JSON.stringify({ type: 'user', message: { content: 'x'.repeat(TURN_TAIL_BYTES) } })
    writeFileSync(path, `${long}\n${JSON.stringify({ type: 'assistant', message: { stop_reason: 'end_turn' } })}\n`)
    expect(turnAtEnd(path)).toMatchObject({ goesOn: false, at: expect.any(Number) })
    symlinkSync(path, join(folder, 'link.jsonl'))
    expect(turnAtEnd(join(folder, 'link.jsonl'))).toBeNull()
    expect(turnAtEnd(join(folder, 'missing.jsonl'))).toBeNull()
  })
})
