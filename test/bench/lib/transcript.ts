/** Transcripts as Claude writes them, of any size. */
import { randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

/** Characters of the words in a row. */
const TEXT = 'Some words about the work at hand. '.repeat(30)
/** Characters of the result of a tool; every entry says it twice, as Claude does. */
const OUTPUT = 'a line of the output of a tool\n'.repeat(120)
/** Steps of work after which one brings a picture. */
const PICTURE_EVERY = 400
/** Characters of a picture, in base64. */
const PICTURE = 'iVBORw0KGgo'.repeat(60_000)

/** What tells the entries of one transcript from those of others. */
export interface Conversation {
  readonly sessionId: string
  readonly cwd: string
}

/** One line in which Claude says something. */
export function spokenLine({ sessionId, cwd }: Conversation, text: string): string {
  const content = [{ type: 'text', text }]
  const usage = { input_tokens: 12, cache_read_input_tokens: 40_000, output_tokens: 300 }
  return lineOf({ sessionId, cwd, type: 'assistant', message: { role: 'assistant', model: 'm', content, usage } })
}

/** A prompt, which may be as long as anyone likes. */
export function promptLine({ sessionId, cwd }: Conversation, text: string): string {
  return lineOf({ sessionId, cwd, type: 'user', message: { role: 'user', content: text } })
}

/** The lines of one step of work: words, a call, its result. */
export function workLines(conversation: Conversation, index: number): string {
  const { sessionId, cwd } = conversation
  const id = `toolu_${sessionId}_${index}`
  const input = { command: `make step-${index}`, description: 'Do the next step' }
  const call = { role: 'assistant', model: 'm', content: [{ type: 'tool_use', id, name: 'Bash', input }] }
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PICTURE } }
  const content = index % PICTURE_EVERY === PICTURE_EVERY - 1 ? [picture] : OUTPUT
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content, is_error: false }] }
  const toolUseResult = { stdout: OUTPUT, stderr: '', interrupted: false }
  return [
    spokenLine(conversation, `${index}: ${TEXT}`),
    lineOf({ sessionId, cwd, type: 'assistant', message: call }),
    lineOf({ sessionId, cwd, type: 'user', message: result, toolUseResult }),
  ].join('')
}

/** Writes a transcript of at least so many bytes. Returns how many steps of work it tells of. */
export function writeTranscript(path: string, conversation: Conversation, bytes: number): number {
  const file = openSync(path, 'w')
  let written = writeSync(file, promptLine(conversation, 'Do everything, one step after the other'))
  let steps = 0
  for (; written < bytes; steps++) written += writeSync(file, workLines(conversation, steps))
  closeSync(file)
  return steps
}

function lineOf(entry: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ uuid: randomUUID(), timestamp: new Date().toISOString(), version: '2.1.329', ...entry })}\n`
}
