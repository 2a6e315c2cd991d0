import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { SessionEvent } from '../../src/session/events.ts'
import { entryEvents, unknownKind } from '../../src/transcripts/entries.ts'
import { IGNORED_KINDS } from '../../src/transcripts/ignored-kinds.ts'
import {
  meaningOf,
  meaningOfEntries,
  recordedEntries,
  recordedTranscript,
  transcripts,
} from './recorded-transcripts.ts'

describe('every transcript that a real CLI wrote', () => {
  test.each(transcripts)('%s, watched', (name) => {
    expect(meaningOf(recordedTranscript(name), true).map(summary)).toMatchSnapshot()
  })

  test.each(transcripts)('%s, read afterwards, tells the same but moves no status', (name) => {
    // An agent that was sent to the background may have ended long ago.
    const read = meaningOf(recordedTranscript(name), false).filter(({ type }) => type !== 'subagent_started')
    // A compaction of the past is nothing but its row.
    const kindOf = ({ type }: SessionEvent) => (type === 'context_compacted' ? 'message_reported' : type)
    const told = new Set([
      'message_reported',
      'message_changed',
      'tokens_reported',
      'cost_reported',
      'model_reported',
      'thread_named',
      'summary_found',
      'plan_changed',
      'subagent_stopped',
    ])
    expect(read.filter(({ type }) => !told.has(type))).toEqual([])
    const watched = meaningOf(recordedTranscript(name), true).map(kindOf)
    expect(read.map(kindOf)).toEqual(watched.filter((type) => told.has(type)))
  })

  test.each(transcripts)('%s holds only kinds of entries that are known', (name) => {
    expect(
      recordedEntries(name)
        .map(unknownKind)
        .filter((kind) => kind !== null),
    ).toEqual([])
  })

  test('has all kinds that are mapped or left alone for a reason', () => {
    const kinds = new Set(transcripts.flatMap((name) => recordedEntries(name).map(({ type }) => type)))
    for (const kind of ['user', 'assistant', 'system', 'attachment', 'mode', 'cost-state', 'custom-title']) {
      expect(kinds).toContain(kind)
    }
    expect([...IGNORED_KINDS.values()].filter((reason) => reason.trim() === '')).toEqual([])
    const ignored = [...IGNORED_KINDS.keys()].map((kind) => {
      const [type, sort] = kind.split(':')
      const shown = { uuid: 'x', content: 'x', message: { role: 'user', content: 'x' }, attachment: { type: sort } }
      return { ...shown, type, subtype: sort }
    })
    expect(meaningOfEntries(ignored)).toEqual(nothing)
    expect(ignored.map(unknownKind).filter((kind) => kind !== null)).toEqual([])
  })

  test('tells each row once, also where a compaction repeats entries', () => {
    for (const name of transcripts) {
      const ids = meaningOf(recordedTranscript(name), true).flatMap((event) =>
        event.type === 'message_reported' ? event.message.id : [],
      )
      expect(ids).toEqual([...new Set(ids)])
    }
  })
})

const user = { type: 'user', uuid: 'u1', parentUuid: 'u0', timestamp: '2026-11-21T02:00:00.000Z' }
const said = (content: unknown, rest: object = {}) => ({ ...user, message: { role: 'user', content }, ...rest })
const spoken = (content: readonly object[], rest: object = {}) => ({
  type: 'assistant',
  uuid: 'a1',
  timestamp: '2026-11-21T02:00:01.000Z',
  message: { id: 'm1', model: 'claude-opus-4-8', content },
  ...rest,
})
const attached = (attachment: object) => ({ type: 'attachment', uuid: 'x1', attachment })
const nothing: readonly SessionEvent[] = []

describe('what a person wrote', () => {
  test('is a row under the id of its entry, with the time as it was written', () => {
    expect(meaningOfEntries([said('Fix it')])).toEqual([
      {
        type: 'message_reported',
        message: {
          id: 's:u1',
          type: 'user',
          content: 'Fix it',
          toolName: null,
          toolInput: null,
          toolOutput: null,
          isError: false,
          timestamp: '2026-11-21T02:00:00.000Z',
          durationMs: null,
          images: [],
        },
      },
    ])
  })

  test('is one row for all texts of an entry, with the pictures', () => {
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
    const linked = { type: 'image', source: { type: 'url', url: 'https://example.org/x.png' } }
    const blocks = [{ type: 'text', text: ' Look ' }, picture, linked, { type: 'text', text: 'here' }]
    expect(meaningOfEntries([said(blocks)])).toMatchObject([
      {
        message: {
          content: 'Look \n\nhere',
          images: [
            { input_type: 'url', value: 'data:image/png;base64,AAAA' },
            { input_type: 'url', value: 'https://example.org/x.png' },
          ],
        },
      },
    ])
    expect(meaningOfEntries([said([picture])])).toMatchObject([{ message: { type: 'user', content: '' } }])
  })

  test('is a command with its arguments', () => {
    const command =
      '<command-message>hi</command-message>\n<command-name>/hi</command-name>\n<command-args>there</command-args>'
    const [event] = meaningOfEntries([said(command)])
    expect(event).toMatchObject({ message: { type: 'user', content: '/hi there' } })
    expect(event).not.toHaveProperty('aside')
  })

  test('is an aside where the CLI carries the command out itself', () => {
    const command = said('<command-name>/model</command-name>\n<command-args>sonnet</command-args>')
    expect(meaningOfEntries([command])).toMatchObject([
      { message: { type: 'user', content: '/model sonnet' }, aside: true },
    ])
  })

  test('is a prompt where it only quotes the marks of the CLI', () => {
    const quoted = '<p>What is <bash-input>ls</bash-input> or <command-name>x</command-name>?</p>'
    expect(meaningOfEntries([said(quoted)])).toMatchObject([{ message: { type: 'user', content: quoted } }])
  })

  test('is a shell command, whose output joins it', () => {
    const output = '<bash-stdout>a\nb</bash-stdout><bash-stderr></bash-stderr>'
    const entries = [said('<bash-input>ls</bash-input>'), said(output, { uuid: 'u2', parentUuid: 'u1' })]
    expect(meaningOfEntries(entries)).toMatchObject([
      { type: 'message_reported', message: { id: 's:u1', type: 'shell', content: 'ls' } },
      { type: 'message_changed', id: 's:u1', toolOutput: 'a\nb', isError: false },
    ])
  })

  test('while a turn was running steers it', () => {
    const attachment = { type: 'queued_command', prompt: 'Use postgres', commandMode: 'prompt', source_uuid: 'q1' }
    expect(meaningOfEntries([{ type: 'attachment', uuid: 'x1', attachment }])).toMatchObject([
      { message: { id: 's:q1', type: 'steer', content: 'Use postgres', timestamp: '0' } },
    ])
    const machine = { ...attachment, commandMode: 'task-notification' }
    expect(meaningOfEntries([{ type: 'attachment', uuid: 'x1', attachment: machine }])).toEqual(nothing)
  })

  test('without an id goes by its place in the file', () => {
    const entry = { type: 'user', message: { content: 'Fix it' } }
    expect(meaningOfEntries([{ type: 'mode' }, entry])).toMatchObject([{ message: { id: 's:transcript:16' } }])
  })
})

describe('what nobody said to anybody', () => {
  test.each([
    ['a note to the model', said('Caveat', { isMeta: true })],
    ['the report of a background task', said('<task-notification>\n<task-id>b1</task-id>')],
    ['a goodbye', said('<local-command-stdout>Bye!</local-command-stdout>')],
    ['an empty answer of the CLI', said('<local-command-stdout>(no content)</local-command-stdout>')],
    [
      'what the CLI says to a compaction',
      said('<local-command-stdout>\u001b[2mCompacted (ctrl+o)</local-command-stdout>'),
    ],
    ['a small notice', { type: 'system', subtype: 'informational', level: 'info', content: 'Connected' }],
    ['a reminder', said('<system-reminder>\nx\n</system-reminder>')],
    ['an empty text', said('  ')],
    ['the line of a subagent', said('Look around', { isSidechain: true })],
    [
      'an answer that the CLI made up for the model',
      spoken([], {
        message: { model: '<synthetic>', content: [{ type: 'text', text: 'No response requested.' }] },
      }),
    ],
    ['a message without text', spoken([{ type: 'text', text: '(no content)' }], { isApiErrorMessage: false })],
  ])('%s is no row', (_, entry) => {
    expect(meaningOfEntries([entry]).some(({ type }) => type === 'message_reported')).toBe(false)
  })
})

describe('what the CLI says by itself', () => {
  test.each([
    [
      'to a command',
      said('<local-command-stdout>Set model to \u001b[1mOpus\u001b[22m</local-command-stdout>'),
      'Set model to Opus',
    ],
    [
      'to a command, as a notice',
      { type: 'system', subtype: 'local_command', content: '<local-command-stderr>Unknown: /x</local-command-stderr>' },
      'Unknown: /x',
    ],
    [
      'about a prompt that a hook refused',
      { type: 'system', subtype: 'informational', level: 'warning', content: 'Operation blocked by hook: no' },
      'Operation blocked by hook: no',
    ],
    [
      'about a hook that ended the turn',
      attached({ type: 'hook_stopped_continuation', message: 'Enough', hookName: 'PostToolUse:Bash' }),
      'PostToolUse:Bash hook: Enough',
    ],
    [
      'about a hook that did not let the turn end',
      attached({ type: 'hook_blocking_error', hookName: 'Stop', blockingError: { blockingError: 'Keep going' } }),
      'Stop hook: Keep going',
    ],
    [
      'in the words of a hook',
      attached({ type: 'hook_system_message', content: 'Mind the gap', hookName: 'Stop' }),
      'Mind the gap',
    ],
    [
      'about the limit of a turn',
      attached({ type: 'max_turns_reached', maxTurns: 3, turnCount: 4 }),
      'Stopped after 3 steps, as many as were allowed.',
    ],
  ])('%s is a row', (_, entry, content) => {
    expect(meaningOfEntries([entry])).toMatchObject([{ message: { type: 'assistant', content, isError: false } }])
  })
})

describe('a compaction', () => {
  const compactMetadata = { trigger: 'auto', preTokens: 500_000, postTokens: 12_000 }
  const compacted = { type: 'system', subtype: 'compact_boundary', uuid: 'c1', timestamp: '2026-11-21T02:00:00.000Z' }
  const boundary = { ...compacted, compactMetadata }
  const summaryOf = said('This session is being continued', { parentUuid: 'c1', isCompactSummary: true })

  test('is told with the id of its row; what the model keeps in mind follows as a thought', () => {
    expect(meaningOfEntries([boundary, summaryOf])).toMatchObject([
      { type: 'context_compacted', row: { id: 's:c1', timestamp: '2026-11-21T02:00:00.000Z' } },
      { message: { id: 's:u1', type: 'thinking', content: 'This session is being continued' } },
      { type: 'tokens_reported' },
    ])
  })

  test('of the past is a row', () => {
    expect(meaningOfEntries([boundary], false)).toMatchObject([
      { message: { id: 's:c1', type: 'assistant', content: 'Context compacted.' } },
      {},
    ])
  })

  test('leaves in the context what the CLI says, until the next message counts it', () => {
    const usage = { input_tokens: 190_000, output_tokens: 5 }
    const before = spoken([], { message: { model: 'claude-opus-4-8', content: [], usage } })
    const left = { input_tokens: 12_000, output_tokens: 0, cached_tokens: 0, context_window: 1_000_000 }
    expect(meaningOfEntries([before, boundary]).at(-1)).toEqual({ type: 'tokens_reported', tokens: left })
    expect(meaningOfEntries([compacted]).at(-1)).toMatchObject({ tokens: { input_tokens: 0, context_window: 200_000 } })
    const after = spoken([], { uuid: 'a2', message: { model: 'claude-opus-4-8', content: [], usage } })
    expect(meaningOfEntries([before, boundary, after]).at(-1)).toMatchObject({ tokens: { input_tokens: 190_000 } })
  })
})

describe('what the model did', () => {
  test('is a row for each block', () => {
    const blocks = [
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: 'I will look.' },
      { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } },
    ]
    expect(meaningOfEntries([spoken(blocks)]).slice(0, 3)).toMatchObject([
      { message: { id: 's:a1', type: 'thinking', content: 'Hm.' } },
      { message: { id: 's:a1:1', type: 'assistant', content: 'I will look.' } },
      { message: { id: 's:t1', type: 'tool', content: '', toolName: 'Bash', toolInput: '{"command":"ls"}' } },
    ])
  })

  test('is an error where the API failed, which counts no tokens', () => {
    const message = { model: '<synthetic>', content: [{ type: 'text', text: 'API Error' }], usage: { input_tokens: 5 } }
    expect(meaningOfEntries([spoken([], { message, isApiErrorMessage: true })])).toMatchObject([
      { message: { type: 'assistant', content: 'API Error', isError: true } },
    ])
  })

  test('names another model, but not the one that is known by its window', () => {
    expect(meaningOfEntries([spoken([])])).toEqual([{ type: 'model_reported', model: 'claude-opus-4-8' }])
    expect(meaningOfEntries([spoken([]), spoken([])], true, 'claude-sonnet-5')).toHaveLength(1)
    expect(meaningOfEntries([spoken([])], true, 'claude-opus-4-8[1m]')).toEqual(nothing)
  })
})

describe('the result of a tool', () => {
  const call = spoken([{ type: 'tool_use', id: 't1', name: 'Bash', input: {} }])
  const result = (content: unknown, rest: object = {}, entry: object = {}) =>
    said([{ type: 'tool_result', tool_use_id: 't1', content, ...rest }], {
      timestamp: '2026-11-21T02:00:03.500Z',
      ...entry,
    })

  test('joins the row of its call', () => {
    expect(meaningOfEntries([result('made')])).toEqual([
      { type: 'message_changed', id: 's:t1', toolOutput: 'made', isError: false },
      { type: 'tools_settled', toolUseIds: ['t1'] },
    ])
  })

  test('is read from its blocks, pictures included', () => {
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
    expect(
      meaningOfEntries([result([{ type: 'text', text: 'one' }, { type: 'text', text: 'two' }, picture])]),
    ).toMatchObject([{ toolOutput: 'one\ntwo\n[image]', images: [{ value: 'data:image/png;base64,AAAA' }] }, {}])
  })

  test('is the structured one where there is one, as its hook tells it', () => {
    const toolUseResult = { stdout: 'a', stderr: 'b', interrupted: false }
    expect(meaningOfEntries([result('a\nb (as the model sees it)', {}, { toolUseResult })])[0]).toMatchObject({
      toolOutput: 'a\nb',
    })
  })

  test('of a tool that the API runs comes with the words of the model', () => {
    const search = { type: 'server_tool_use', id: 't1', name: 'web_search', input: { query: 'x' } }
    const found = { type: 'web_search_tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'a page' }] }
    expect(meaningOfEntries([spoken([search, found])], false).slice(0, 2)).toMatchObject([
      { message: { id: 's:t1', toolName: 'web_search' } },
      { type: 'message_changed', id: 's:t1', toolOutput: 'a page', isError: false },
    ])
  })

  test('that is an error keeps the words of the error', () => {
    const toolUseResult = 'User rejected tool use'
    const denied = result("The user doesn't want to proceed", { is_error: true }, { toolUseResult })
    expect(meaningOfEntries([denied])[0]).toMatchObject({
      toolOutput: "The user doesn't want to proceed",
      isError: true,
    })
  })

  test('of the past takes the time between its lines, or what it says itself', () => {
    const changed = (entries: readonly object[], live: boolean) =>
      meaningOfEntries(entries, live).find(({ type }) => type === 'message_changed')
    expect(changed([call, result('x')], false)).toMatchObject({ durationMs: 2500 })
    expect(
      changed([call, result('x', {}, { toolUseResult: { totalDurationMs: 7, content: [] } })], false),
    ).toMatchObject({ durationMs: 7 })
    const watched = changed([call, result('x')], true)
    expect(watched).not.toHaveProperty('durationMs')
    expect(watched).toMatchObject({ elapsedMs: 2500 })
  })
})

describe('an interruption', () => {
  const interrupted = said('[Request interrupted by user for tool use]')

  test('ends the turn when it is the last word', () => {
    expect(meaningOfEntries([interrupted, { type: 'last-prompt' }])).toEqual([
      { type: 'turn_aborted', reason: 'interrupted', at: Date.parse('2026-11-21T02:00:00.000Z') },
    ])
  })

  test('is over when the conversation went on', () => {
    expect(meaningOfEntries([interrupted, said('Go on')]).map(({ type }) => type)).toEqual(['message_reported'])
  })

  test('is not over because of a command that the CLI carries out alone', () => {
    const command = said('<command-name>/model</command-name>\n<command-args>sonnet</command-args>')
    const shell = said('<bash-input>ls</bash-input>')
    const answered = said('<local-command-stdout>Set model to sonnet</local-command-stdout>')
    expect(meaningOfEntries([interrupted, command, answered, shell]).at(-1)).toMatchObject({ type: 'turn_aborted' })
  })

  test('of the past ends nothing', () => {
    expect(meaningOfEntries([interrupted], false)).toEqual(nothing)
  })
})

describe('the counters of a message', () => {
  const usage = {
    input_tokens: 400,
    cache_creation_input_tokens: 128,
    cache_read_input_tokens: 1024,
    output_tokens: 34,
  }
  const counted = (more: object = {}, model = 'claude-opus-4-8', rest: object = {}) =>
    spoken([], { message: { id: 'm1', model, content: [], usage: { ...usage, ...more } }, ...rest })
  const tokensOf = (entries: readonly object[], model: string | null = 'claude-opus-4-8') =>
    meaningOfEntries(entries, true, model).filter(({ type }) => type === 'tokens_reported')

  test('say how full the context is', () => {
    expect(tokensOf([counted()])).toEqual([
      {
        type: 'tokens_reported',
        tokens: { input_tokens: 1552, output_tokens: 34, cached_tokens: 1024, context_window: 200_000 },
      },
    ])
  })

  test('are never summed up: the newest message of the main thread counts', () => {
    const inside = counted({ input_tokens: 9 }, 'claude-opus-4-8', { isSidechain: true })
    const lines = [counted(), counted(), counted({ output_tokens: 50 }), inside].map((entry, index) => ({
      ...entry,
      uuid: `a${index}`,
    }))
    expect(tokensOf(lines)).toMatchObject([{ tokens: { output_tokens: 50 } }])
  })

  test.each([
    ['a mark in the name', counted(), 'claude-opus-4-8[1m]'],
    ['the model', counted({}, 'claude-opus-5-5'), 'claude-opus-5-5'],
    ['a context that does not fit the usual one', counted({ input_tokens: 300_000 }), null],
  ])('belong to the large window, told by %s', (_, entry, model) => {
    expect(tokensOf([entry], model)).toMatchObject([{ tokens: { context_window: 1_000_000 } }])
  })
})

describe('names', () => {
  test.each([
    [
      { type: 'ai-title', aiTitle: 'Login fix' },
      { type: 'summary_found', summary: 'Login fix' },
    ],
    [
      { type: 'summary', summary: 'Login fix', leafUuid: 'x' },
      { type: 'summary_found', summary: 'Login fix' },
    ],
    [
      { type: 'custom-title', customTitle: 'Mine' },
      { type: 'thread_named', name: 'Mine' },
    ],
    [
      { type: 'agent-name', agentName: 'Mine' },
      { type: 'thread_named', name: 'Mine' },
    ],
  ])('%j', (entry, event) => {
    expect(meaningOfEntries([entry], false)).toEqual([event as SessionEvent])
  })

  test('the permission mode is news only while somebody watches', () => {
    const entry = { type: 'permission-mode', permissionMode: 'plan' }
    expect(meaningOfEntries([entry])).toEqual([{ type: 'permission_mode_reported', mode: 'plan' }])
    expect(meaningOfEntries([entry], false)).toEqual(nothing)
  })
})

describe('what nobody here has heard of', () => {
  test('is reported by its kind', () => {
    expect(unknownKind({ type: 'brand-new' })).toBe('brand-new')
    expect(unknownKind({ type: 'system', subtype: 'brand_new' })).toBe('system:brand_new')
    expect(unknownKind(attached({ type: 'brand_new' }))).toBe('attachment:brand_new')
    expect(unknownKind(spoken([{ type: 'brand_new' }]))).toBe('block:brand_new')
    expect(unknownKind({ type: 'constructor' })).toBe('constructor')
    expect(unknownKind(7)).toBe('no object')
    expect(unknownKind({})).toBe('no type')
  })

  test('is shown as far as it is somebody’s words', () => {
    const message = { role: 'assistant', model: 'claude-opus-4-8', content: [{ type: 'text', text: 'Hello' }] }
    expect(meaningOfEntries([{ type: 'brand-new', uuid: 'a1', message }])).toMatchObject([
      { message: { id: 's:a1', type: 'assistant', content: 'Hello' } },
      { type: 'model_reported' },
    ])
    expect(meaningOfEntries([{ ...said('Fix it'), type: 'brand-new' }])).toMatchObject([{ message: { type: 'user' } }])
    expect(meaningOfEntries([{ type: 'system', subtype: 'brand_new', content: 'Look out' }])).toMatchObject([
      { message: { type: 'assistant', content: 'Look out' } },
    ])
  })

  test('is no row where it is for the model, for a subagent, or unreadable', () => {
    const unreadable = [
      { type: 'brand-new', content: 'x' },
      { type: 'system', subtype: 'brand_new' },
      { type: 'system', subtype: 'brand_new', content: 'x', isMeta: true },
      { type: 'system', subtype: 'brand_new', content: 'x', isSidechain: true },
      attached({ type: 'brand_new', content: 'x' }),
    ]
    expect(meaningOfEntries(unreadable)).toEqual(nothing)
  })

  test('leaves the rest as it is', () => {
    const rows = meaningOfEntries([{ type: 'brand-new' }, spoken([{ type: 'brand_new' }]), said('Fix it')])
    expect(rows).toMatchObject([{ type: 'model_reported' }, { message: { content: 'Fix it' } }])
  })

  test('never throws', () => {
    const context = { sessionId: 's', offset: 0, live: true, model: null, startOf: () => undefined }
    const block = fc.record({
      type: fc.constantFrom('text', 'thinking', 'tool_use', 'tool_result', 'image', 'other'),
      text: fc.jsonValue(),
      content: fc.jsonValue(),
      source: fc.jsonValue(),
      tool_use_id: fc.jsonValue(),
      input: fc.jsonValue(),
    })
    const entry = fc.record({
      type: fc.constantFrom('user', 'assistant', 'system', 'attachment', 'ai-title', 'custom-title', 'permission-mode'),
      message: fc.oneof(
        fc.jsonValue(),
        fc.record({ content: fc.oneof(fc.array(block), fc.jsonValue()), usage: fc.jsonValue(), model: fc.jsonValue() }),
      ),
      attachment: fc.oneof(fc.jsonValue(), fc.record({ type: fc.constant('queued_command'), prompt: fc.jsonValue() })),
      toolUseResult: fc.jsonValue(),
      timestamp: fc.jsonValue(),
      uuid: fc.jsonValue(),
    })
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), entry), (value) => void entryEvents(value, context)))
  })
})

/** An event in a few words. */
function summary(event: SessionEvent): string {
  switch (event.type) {
    case 'message_reported': {
      const { type, content, toolName, isError, images } = event.message
      const pictures = images.length > 0 ? `, ${images.length} pictures` : ''
      return `${type}${isError ? ' (error)' : ''}: ${toolName ?? content.slice(0, 60)}${pictures}`
    }
    case 'message_changed':
      return `${event.isError ? 'failed' : 'result'}: ${event.toolOutput?.slice(0, 60)}`
    case 'tools_settled':
      return `${event.toolUseIds.length} settled`
    case 'tokens_reported':
      return `tokens ${event.tokens.input_tokens} + ${event.tokens.output_tokens} of ${event.tokens.context_window}`
    case 'thread_named':
      return `named ${event.name}`
    case 'summary_found':
      return `title ${event.summary}`
    case 'model_reported':
      return `model ${event.model}`
    case 'permission_mode_reported':
      return `mode ${event.mode}`
    default:
      return event.type
  }
}
