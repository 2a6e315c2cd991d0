/** What becomes of every kind of line and request of the recorded conversations, as the tables of TABLE.md. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClaudeLine } from '../../../src/connectors/claude/line.ts'
import { ignoredBecause } from '../../../src/connectors/claude/translate/ignored.ts'
import { objectAt, textAt } from '../../../src/lib/json.ts'
import { workStatus } from '../../../src/session/view.ts'
import { markdownTable } from '../../support/markdown-table.ts'
import { recordings } from './recorded-lines.ts'
import { type Replay, replay, toldIn } from './replay.ts'

const VERSIONS = ['2.1.197', '2.1.329'] as const
const CONNECTOR = join(import.meta.dir, '../../../src/connectors/claude')

/** Lines that lead to no event, each with the reason; beside those that the connector itself names. */
const WITHOUT_EVENTS: Readonly<Record<string, string>> = {
  response: 'settles a request of ours; our own answers come back so, too',
  'request/hook_callback': 'refused: only a client that registers hooks of its own is asked',
  'stream/content_block_start': 'the first words make the row',
  'stream/content_block_stop': 'the line with the whole block has come before it',
  'stream/message_stop': 'the result ends the turn',
  'stream/input_json_delta': 'the line with the whole call says it at once',
  'stream/signature_delta': 'nothing to read',
  'system/session_state_changed': 'the result of the turn has said more, or a prompt has begun the turn',
  'system/task_notification': 'the update of the task has said so before',
}
/** Requests that recorded clients made and the connector does not, each with the reason. */
const NOT_MADE: Readonly<Record<string, string>> = {
  cancel_async_message: 'prompts wait in the queue of the session until they can be read',
  end_session: 'its input is closed, which ends it in the same way',
  generate_session_title: 'titles come from prompts, and from Claude itself',
  get_session_cost: 'results tell it',
  get_settings: 'what matters of it is told at the start',
  mcp_set_servers: 'no client wants it',
  mcp_toggle: 'Claude stores it: the server would stay off in the terminal, too',
  nope: 'asked to see how it is refused',
  set_max_thinking_tokens: 'no client wants it',
  supported_commands: 'told at the start of each turn',
}

const HEAD = `# Recorded conversations

What real Claude CLIs said to programs that drive them, and what becomes of it. Written by \`bun run test:update\`; a test
fails when it is no longer so.
`

/** The text of TABLE.md. Throws where something is ignored and nobody has said why. */
export function renderTable(): string {
  const replays = recordings.map((recording) => ({ recording, ...replay(recording) }))
  return [HEAD, sessionTable(replays), lineTable(replays), requestTable()].join('\n')
}

type Named = Replay & { readonly recording: string }

function sessionTable(replays: readonly Named[]): string {
  const rows = replays.map(({ recording, heard, state, rows: messages }) => {
    const isUsed = ({ events }: { readonly events: readonly object[] }) => events.length > 0
    const used = heard.filter(isUsed).length
    return [
      recording.replace(/^v329-/, ''),
      versionOf(recording),
      workStatus(state),
      ...[state.turnCount, messages.length, state.toolCount, state.inputTokens, state.outputTokens].map(String),
      ...[used, heard.length - used].map(String),
    ]
  })
  const head = ['recording', 'Claude', 'ends', 'turns', 'rows', 'calls', 'tokens in', 'out', 'lines used', 'left alone']
  return markdownTable('Sessions', head, rows)
}

function lineTable(replays: readonly Named[]): string {
  const kinds = new Map<string, { readonly counts: number[]; readonly events: Set<string> }>()
  for (const { recording, heard } of replays)
    for (const { line, events } of heard) {
      const kind = kinds.get(kindOf(line)) ?? { counts: VERSIONS.map(() => 0), events: new Set() }
      kinds.set(kindOf(line), kind)
      const at = VERSIONS.indexOf(versionOf(recording))
      kind.counts[at] = (kind.counts[at] ?? 0) + 1
      for (const { type } of events) kind.events.add(type)
    }
  const rows = [...kinds].toSorted(byName).map(([kind, { counts, events }]) => {
    const told = [...events].toSorted().join(', ')
    return [kind, ...counts.map(String), told, told === '' ? reasonFor(kind) : '']
  })
  return markdownTable('What the CLI says', ['line', ...VERSIONS, 'becomes', 'left alone, because'], rows)
}

function requestTable(): string {
  const made = subtypesMade()
  const requests = new Map<string, number[]>()
  for (const recording of recordings)
    for (const line of toldIn(recording)) {
      if (line.kind !== 'request') continue
      const counts = requests.get(line.subtype) ?? VERSIONS.map(() => 0)
      requests.set(line.subtype, counts)
      const at = VERSIONS.indexOf(versionOf(recording))
      counts[at] = (counts[at] ?? 0) + 1
    }
  const rows = [...requests].toSorted(byName).map(([subtype, counts]) => {
    const isMade = made.has(subtype)
    return [subtype, ...counts.map(String), isMade ? 'made' : '', isMade ? '' : reasonAgainst(subtype)]
  })
  return markdownTable('What it is asked', ['request', ...VERSIONS, 'by us', 'not made, because'], rows)
}

/** Requests whose names stand in the sources of the connector. */
function subtypesMade(): ReadonlySet<string> {
  const files = readdirSync(CONNECTOR, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const sources = files.map((name) => readFileSync(join(CONNECTOR, name), 'utf8'))
  return new Set(sources.flatMap((text) => [...text.matchAll(/subtype: '(\w+)'/g)].map(([, subtype = '']) => subtype)))
}

function reasonFor(kind: string): string {
  const reason = WITHOUT_EVENTS[kind] ?? ignoredBecause(kind)
  if (reason === undefined) throw new Error(`nothing becomes of ${kind}, and nobody has said why`)
  return reason
}

function reasonAgainst(subtype: string): string {
  const reason = NOT_MADE[subtype]
  if (reason === undefined) throw new Error(`"${subtype}" is never asked, and nobody has said why`)
  return reason
}

/** As the connector names kinds: of deltas, what they carry. */
function kindOf(line: ClaudeLine): string {
  switch (line.kind) {
    case 'system':
    case 'request':
      return `${line.kind}/${line.subtype}`
    case 'stream':
      return `stream/${textAt(objectAt(line.event, 'delta'), 'type') ?? textAt(line.event, 'type')}`
    case 'result':
      return `result/${textAt(line.body, 'subtype')}`
    case 'other':
      return line.type
    default:
      return line.kind
  }
}

function versionOf(recording: string): (typeof VERSIONS)[number] {
  return recording.startsWith('v329-') ? '2.1.329' : '2.1.197'
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
