/** A recorded session of a real Claude as it went: what its hooks posted and what its transcripts held, each at its time. */
import { basename } from 'node:path'
import { type JsonObject, parseJson, textAt } from '../../src/lib/json.ts'
import { arrivalsOf, scenarios as hooked, recordedBodies } from '../hooks/recorded-hooks.ts'
import { recordedTranscript, transcripts } from '../transcripts/recorded-transcripts.ts'

/** Milliseconds by which Claude writes its lines late. */
const FLUSH_MS = 100
const VERSION_MARK = 'v329-'
const SUBAGENT_MARK = '.subagent'
const KILLED_MARK = '-kill9'

/** Something that happened, in milliseconds since the first hook. */
export type Moment =
  | ({ readonly kind: 'hook' } & Post)
  | { readonly kind: 'line'; readonly atMs: number; readonly sessionId: string; readonly line: string }

export interface Post {
  readonly atMs: number
  readonly sessionId: string
  /** The session that its process holds: 2.1.197 tells the start of a fork with the id of the parent. */
  readonly held: string
  readonly body: string
}

export interface Transcript {
  readonly sessionId: string
  /** As the hooks name it. */
  readonly path: string
  readonly bytes: Buffer
  /** Lines with their line feeds, and when they were written; -Infinity for those that were there before. */
  readonly lines: readonly { readonly line: string; readonly atMs: number }[]
}

export interface Scenario {
  readonly name: string
  readonly version: string
  /** Whether its Claude was ended from outside, without a word. */
  readonly isKilled: boolean
  /** When the first hook came, in Unix milliseconds. */
  readonly beganAt: number
  readonly hooks: readonly Post[]
  readonly transcripts: readonly Transcript[]
  /** What its subagents wrote, in files of their own. */
  readonly subagents: readonly { readonly path: string; readonly bytes: Buffer }[]
}

/** Names of all that was recorded with hooks. */
export const scenarios: readonly Scenario[] = hooked.map(scenarioNamed)

/** Names of all transcripts of sessions; the collections of single entries are none. */
export const transcriptNames: readonly string[] = transcripts.filter(
  (name) => !name.includes(SUBAGENT_MARK) && !name.startsWith('entry-'),
)

/** Transcripts of sessions that no hooks told of, by name. */
export const loneTranscripts: ReadonlyMap<string, Transcript> = new Map(
  transcriptNames
    .filter((name) => !hooked.includes(scenarioNameOf(name)))
    .map((name) => [name, transcriptOf(name, [])]),
)

/** The version of the CLI that made a recording. */
export function versionOf(name: string): string {
  return name.startsWith(VERSION_MARK) ? '2.1.329' : '2.1.197'
}

/** The recording of this name. */
export function scenarioOf(name: string): Scenario {
  const scenario = scenarios.find((known) => known.name === name)
  if (!scenario) throw new Error(`There is no recording ${name}.`)
  return scenario
}

/** Several recordings of the same sessions, one after the other, as they were made. */
export function joined(names: readonly string[]): Scenario {
  const parts = names.map(scenarioOf)
  const beganAt = Math.min(...parts.map((part) => part.beganAt))
  const hooks = parts.flatMap((part) =>
    part.hooks.map((hook) => ({ ...hook, atMs: hook.atMs + part.beganAt - beganAt })),
  )
  const transcripts = new Map<string, Transcript>()
  for (const part of parts) {
    for (const transcript of part.transcripts) {
      const before = transcripts.get(transcript.sessionId)?.lines ?? []
      const more = transcript.lines.slice(before.length).map(({ line, atMs }) => {
        return { line, atMs: Math.max(atMs, 0) + part.beganAt - beganAt }
      })
      transcripts.set(transcript.sessionId, { ...transcript, lines: [...before, ...more] })
    }
  }
  return {
    ...scenarioOf(names[0] ?? ''),
    name: names.join(', '),
    beganAt,
    hooks,
    transcripts: [...transcripts.values()],
  }
}

/** All that happened, in order. */
export function momentsOf({ hooks, transcripts: files }: Scenario): readonly Moment[] {
  const posts = hooks.map((hook) => ({ kind: 'hook', ...hook }) as const)
  const lines = files.flatMap(({ sessionId, lines }) =>
    lines.map((line) => ({ kind: 'line', sessionId, ...line }) as const),
  )
  return inOrder([...posts, ...lines])
}

/** In the order of their times; what happened at the same time stays as it is. */
export function inOrder(moments: readonly Moment[]): readonly Moment[] {
  return moments.toSorted((a, b) => (a.atMs < b.atMs ? -1 : a.atMs > b.atMs ? 1 : 0))
}

function scenarioNamed(name: string): Scenario {
  const arrivals = arrivalsOf(name)
  const bodies = recordedBodies(name)
  const ids = bodies.map((body) => textAt(objectIn(body), 'session_id') ?? '')
  const hooks = bodies.map((body, index): Post => {
    const sessionId = ids[index] ?? ''
    const isLone = ids.filter((id) => id === sessionId).length === 1
    return { body, atMs: arrivals[index] ?? 0, sessionId, held: isLone ? (ids[index + 1] ?? sessionId) : sessionId }
  })
  const own = transcripts.filter((file) => scenarioNameOf(file) === name)
  const read = own.filter((file) => !file.includes(SUBAGENT_MARK)).map((file) => transcriptOf(file, hooks))
  return {
    name,
    version: versionOf(name),
    isKilled: name.endsWith(KILLED_MARK),
    beganAt: Math.round(read.find(({ zero }) => !Number.isNaN(zero))?.zero ?? 0),
    hooks,
    transcripts: read,
    subagents: own.filter((file) => file.includes(SUBAGENT_MARK)).map((file) => subagentOf(file, hooks)),
  }
}

/** Transcripts carry the name of their scenario, and, where there are several, the beginning of their session's id. */
function scenarioNameOf(file: string): string {
  const plain = file.replace(SUBAGENT_MARK, '')
  return hooked.find((name) => plain === name || new RegExp(`^${name}-[0-9a-f]{8}$`).test(plain)) ?? plain
}

function transcriptOf(file: string, hooks: Scenario['hooks']): Transcript & { readonly zero: number } {
  const bytes = recordedTranscript(file)
  const lines = bytes.toString().split(/(?<=\n)/)
  const entries = lines.map(objectIn)
  const sessionId = entries.map((entry) => textAt(entry, 'sessionId')).find((id) => id !== null) ?? ''
  const own = hooks.filter((hook) => hook.sessionId === sessionId)
  const [first] = own
  const told = own.map(({ body }) => objectIn(body))
  const prompt = told.findIndex((body) => body.hook_event_name === 'UserPromptSubmit')
  const begun = entries.find((entry) => entry.type === 'user' && entry.promptId === told[prompt]?.prompt_id)
  const promptedMs = own[prompt]?.atMs ?? 0
  const zero = timeOf(begun) - promptedMs
  // A session that goes on has its lines already; a fork writes those of its parent with its first prompt.
  const isOld = told.some((body) => body.source === 'resume') || !first
  let atMs = isOld ? -Infinity : promptedMs
  const written = lines.map((line, index) => {
    const at = timeOf(entries[index]) - zero
    if (at >= 0 && first) atMs = Math.max(atMs, at + FLUSH_MS)
    return { line, atMs }
  })
  return { sessionId, path: pathIn(told, 'transcript_path', basename(file)), bytes, lines: written, zero }
}

function subagentOf(file: string, hooks: Scenario['hooks']) {
  const told = hooks.map(({ body }) => objectIn(body))
  return { path: pathIn(told, 'agent_transcript_path', file), bytes: recordedTranscript(file) }
}

function pathIn(bodies: readonly JsonObject[], key: string, file: string): string {
  return bodies.flatMap((body) => textAt(body, key) ?? []).at(-1) ?? `/home/dev/${file}.jsonl`
}

function timeOf(entry: JsonObject | undefined): number {
  return Date.parse(textAt(entry ?? {}, 'timestamp') ?? '')
}

function objectIn(text: string): JsonObject {
  return (parseJson(text) ?? {}) as JsonObject
}
