import { describe, expect, test } from 'bun:test'
import { isRecordName, parseRecord as parseIn } from '../../src/liveness/registry-record.ts'
import { recordText } from './recorded-records.ts'

const parseRecord = (text: string) => parseIn(text, '/home/dev/.claude')

describe('the record of a running Claude', () => {
  test('is read as either version writes it', () => {
    expect(parseRecord(recordText('197', 'asks for permission'))).toEqual({
      pid: 13881,
      configDir: '/home/dev/.claude',
      sessionId: '781f5abe-503f-403e-a318-ff72fd967ee6',
      cwd: '/home/dev/proj',
      name: 'proj-bf',
      processStart: '504414',
      startedAt: 1795278641795,
      status: 'waiting',
      waitingFor: 'permission prompt',
      statusAt: 1795278643136,
      pidDomain: null,
      entrypoint: 'cli',
    })
    expect(parseRecord(recordText('329', 'prompt'))).toMatchObject({
      status: 'busy',
      waitingFor: null,
      pidDomain: 'linux:0123456789abcdef0123456789abcdef:pid:[4026531836]',
    })
  })

  test('may hold words that nobody here knows, or less than it does now', () => {
    expect(parseRecord(recordText('329', 'prompt', { status: 'dreaming' }))).toMatchObject({ status: null })
    expect(parseRecord('{"pid":1,"sessionId":"s"}')).toMatchObject({ pid: 1, startedAt: 0, processStart: null })
  })

  test('that is half written, or tells no process or no session, is none', () => {
    const text = recordText('197', 'ready')
    for (let length = 0; length < text.length; length += 7) expect(parseRecord(text.slice(0, length))).toBeNull()
    for (const record of ['', 'null', '[]', '{"sessionId":"s"}', '{"pid":0,"sessionId":"s"}', '{"pid":7}'])
      expect(parseRecord(record)).toBeNull()
  })

  test('lies beside files that are none', () => {
    expect(['13881.json', '1.json'].map(isRecordName)).toEqual([true, true])
    const others = [
      '0.json',
      '13881.json.tmp',
      '14556.099e3cf7.key',
      'a.json',
      '../1.json',
      '.json',
      '12345678901.json',
    ]
    expect(others.map(isRecordName)).toEqual(others.map(() => false))
  })
})
