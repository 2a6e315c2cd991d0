/** What the protocol tests share: both sides' schemas, their tags, and the frames kept on disk. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ClientMessage } from '../../src/protocol/client/index.ts'
import { wireJsonSchema } from '../../src/protocol/json-schema.ts'
import { ServerMessage } from '../../src/protocol/server/index.ts'

export type Side = 'client' | 'server'
export type Frame = { readonly type: string; readonly [key: string]: unknown }
export interface KeptFrame {
  readonly side: Side
  readonly valid?: boolean
  readonly frame: Frame
}

export const SIDES: readonly Side[] = ['client', 'server']
export const published = wireJsonSchema()
/** Messages that the original does not know. */
export const ADDED_TAGS: Record<Side, readonly string[]> = {
  client: [
    'get_subagent_messages',
    'edit_queued_prompt',
    'remove_queued_prompt',
    'release_queue',
    'list_claude_models',
    'get_context_usage',
    'stop_task',
    'rewind_files',
  ],
  server: [
    'hello',
    'command_ack',
    'subagent_updated',
    'subagent_messages',
    'claude_models_list',
    'context_usage',
    'files_rewound',
  ],
}
export const tags = { client: tagsOf('client'), server: tagsOf('server') }

/** Whether our own schemas take a frame. */
export function accepts(side: Side, frame: unknown): boolean {
  return side === 'client' ? ClientMessage.safeParse(frame).success : ServerMessage.safeParse(frame).success
}

/** What a receiver sees of a frame; throws on a frame that is refused. */
export function read(side: Side, frame: unknown): unknown {
  return side === 'client' ? ClientMessage.parse(frame) : ServerMessage.parse(frame)
}

/** The full example of one message. */
export function golden(side: Side, tag: string): Frame {
  return JSON.parse(readFileSync(join(import.meta.dir, '../wire', side, `${tag}.json`), 'utf8'))
}

/** The frames of a file beside this one, one per line. */
export function keptFrames(file: string): KeptFrame[] {
  const lines = readFileSync(join(import.meta.dir, file), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => JSON.parse(line))
}

function tagsOf(side: Side): string[] {
  return (published[side].oneOf ?? []).map(({ title }) => String(title))
}
