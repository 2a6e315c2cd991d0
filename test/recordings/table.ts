/** What becomes of every recording, as the tables of TABLE.md. */
import { ignoredBecause } from '../../src/hooks/translate/ignored.ts'
import { type JsonObject, objectAt, textAt } from '../../src/lib/json.ts'
import { IGNORED_KINDS } from '../../src/transcripts/ignored-kinds.ts'
import { markdownTable } from '../support/markdown-table.ts'
import { recordedEntries } from '../transcripts/recorded-transcripts.ts'
import type { EndState } from './end-state.ts'
import { playedAsRecorded, readAlone } from './played.ts'
import { loneTranscripts, type Scenario, scenarios, transcriptNames, versionOf } from './scenario.ts'

const VERSIONS = ['2.1.197', '2.1.329'] as const

const HEAD = `# Recorded sessions

What real Claude CLIs posted and wrote, and what clients are left with. Written by \`bun run test:update\`; a test fails
when it is no longer so.
`

/** The text of TABLE.md. */
export function renderTable(): string {
  return [HEAD, sessionTable(), loneTable(), hookTable(), entryTable()].join('\n')
}

function sessionTable(): string {
  const rows = scenarios.flatMap((scenario) =>
    playedAsRecorded(scenario)
      .endStates()
      .map((state) => sessionRow(scenario, state)),
  )
  const head = ['recording', 'Claude', 'session', 'ends', 'asked', 'rows', 'tokens', 'subagents']
  const counts = ['hooks used', 'left alone', 'entries used', 'left alone']
  return markdownTable('Sessions', [...head, ...counts], rows)
}

function sessionRow({ name, version, hooks, transcripts }: Scenario, state: EndState): readonly string[] {
  const isOwn = ({ sessionId }: { readonly sessionId: string }) => sessionId.startsWith(state.session)
  const events = hooks.filter(isOwn).map(({ body }) => eventOf(body))
  const kinds = transcripts.filter(isOwn).flatMap(({ lines }) => lines.map(({ line }) => kindOf(JSON.parse(line))))
  return [
    name,
    version,
    ...shown(state),
    ...divided(events, (event) => ignoredBecause(event) !== undefined),
    ...divided(kinds, (kind) => IGNORED_KINDS.has(kind)),
  ]
}

/** How many are used, and how many are left alone. */
function divided(names: readonly string[], isIgnored: (name: string) => boolean): readonly [string, string] {
  const ignored = names.filter(isIgnored).length
  return [String(names.length - ignored), String(ignored)]
}

function loneTable(): string {
  const rows = [...loneTranscripts].flatMap(([name, transcript]) =>
    readAlone(transcript)
      .endStates()
      .map((state) => {
        const kinds = transcript.lines.map(({ line }) => kindOf(JSON.parse(line)))
        return [name, versionOf(name), ...shown(state), ...divided(kinds, (kind) => IGNORED_KINDS.has(kind))]
      }),
  )
  const head = [
    'recording',
    'Claude',
    'session',
    'ends',
    'asked',
    'rows',
    'tokens',
    'subagents',
    'entries used',
    'left alone',
  ]
  return markdownTable('Sessions without hooks', head, rows)
}

function shown(state: EndState): readonly string[] {
  const { session, status, approvals, rows, tokens, subagents } = state
  return [session, status, approvals.join('; '), String(rows.length), tokens.replace(/ in.*/, ''), subagents.join('; ')]
}

function hookTable(): string {
  const posted = scenarios.flatMap(({ version, hooks }) => hooks.map(({ body }) => ({ version, name: eventOf(body) })))
  return markdownTable('Hooks', ['event', ...VERSIONS, 'left alone because'], counted(posted, ignoredBecause))
}

function entryTable(): string {
  const written = transcriptNames.flatMap((file) => {
    return recordedEntries(file).map((entry) => ({ version: versionOf(file), name: kindOf(entry) }))
  })
  return markdownTable(
    'Entries',
    ['kind', ...VERSIONS, 'left alone because'],
    counted(written, (kind) => IGNORED_KINDS.get(kind)),
  )
}

function counted(
  all: readonly { readonly version: string; readonly name: string }[],
  reasonOf: (name: string) => string | undefined,
): readonly (readonly string[])[] {
  const names = [...new Set(all.map(({ name }) => name))].toSorted()
  const countOf = (name: string, version: string) =>
    String(all.filter((one) => one.name === name && one.version === version).length)
  return names.map((name) => [name, ...VERSIONS.map((version) => countOf(name, version)), reasonOf(name) ?? ''])
}

function eventOf(body: string): string {
  return textAt(JSON.parse(body), 'hook_event_name') ?? ''
}

/** Its type, and for notices and attachments of which sort they are. */
function kindOf(entry: JsonObject): string {
  if (entry.type === 'system') return `system:${entry.subtype}`
  return entry.type === 'attachment' ? `attachment:${objectAt(entry, 'attachment').type}` : String(entry.type)
}
