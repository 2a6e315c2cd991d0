/** Rows of the table `messages`. */
import type { Database } from 'bun:sqlite'
import type { ImageInput, MessageType } from '../protocol/model/message.ts'
import type { StoreRow } from '../session/effects.ts'
import type { ConversationMessage } from '../session/state.ts'
import { count, flag, json, text, word } from './cells.ts'
import { type Cells, change, rows } from './prepared.ts'
import { isoTimestamp } from './times.ts'

export type MessagePatch = Extract<StoreRow, { patch: unknown }>

/** A message and its place in the conversation. */
export interface StoredMessage extends ConversationMessage {
  readonly sequence: number
}

const TYPES: readonly MessageType[] = ['user', 'assistant', 'thinking', 'tool', 'tool_result', 'steer', 'shell']

/**
 * The original keeps its error flag in `is_in_progress`, later servers in `is_error`: both are written, either is read.
 * A message that is reported again fills in what was unknown; it never loses an error or a result.
 * It keeps its place and time, but for a tool call, which moves towards the end: its hooks run ahead of the transcript.
 */
const PUT = `INSERT INTO messages
    (id, session_id, type, content, timestamp, sequence, tool_name, tool_input, tool_output, tool_duration,
     is_in_progress, is_error, images_json)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12)
  ON CONFLICT (id) DO UPDATE SET
    timestamp = CASE WHEN type = 'tool' AND excluded.sequence > sequence THEN excluded.timestamp ELSE timestamp END,
    sequence = CASE WHEN type = 'tool' THEN max(sequence, excluded.sequence) ELSE sequence END,
    content = coalesce(nullif(excluded.content, ''), content, ''),
    tool_name = coalesce(excluded.tool_name, tool_name),
    tool_input = coalesce(excluded.tool_input, tool_input),
    tool_output = coalesce(excluded.tool_output, tool_output),
    tool_duration = coalesce(excluded.tool_duration, tool_duration),
    is_in_progress = max(is_in_progress, excluded.is_in_progress),
    is_error = max(is_error, excluded.is_error),
    images_json = coalesce(excluded.images_json, images_json)`

const PATCH = `UPDATE messages SET
    content = coalesce(?2, content, ''),
    tool_output = coalesce(?3, tool_output),
    tool_duration = coalesce(?4, tool_duration),
    is_in_progress = coalesce(?5, is_in_progress),
    is_error = coalesce(?5, is_error),
    images_json = coalesce(?6, images_json)
  WHERE id = ?1`

/** Adds a message at this place, or completes the one with its id. */
export function putMessage(db: Database, sessionId: string, message: ConversationMessage, sequence: number): void {
  change(
    db,
    PUT,
    message.id,
    sessionId,
    message.type,
    message.content,
    isoTimestamp(message.timestamp),
    sequence,
    message.toolName,
    message.toolInput,
    message.toolOutput,
    seconds(message.durationMs),
    message.isError ? 1 : 0,
    imagesJson(message.images),
  )
}

/** Changes the given fields of a message; one that does not exist is made of them. */
export function patchMessage(db: Database, sessionId: string, { patch, sequence, timestamp }: MessagePatch): void {
  const { id, content = null, toolOutput = null, isError, durationMs = null, images = [] } = patch
  const error = isError === undefined ? null : Number(isError)
  if (change(db, PATCH, id, content, toolOutput, seconds(durationMs), error, imagesJson(images)) > 0) return
  const message: ConversationMessage = {
    id,
    type: content === null ? 'tool' : 'assistant',
    content: content ?? '',
    toolName: null,
    toolInput: null,
    toolOutput,
    isError: isError ?? false,
    timestamp,
    durationMs,
    images,
  }
  putMessage(db, sessionId, message, sequence)
}

/**
 * The newest messages of a session, at most `limit`, in the order of the conversation. None from before a part of its
 * transcript that is still to be read: they would seem to follow each other.
 */
export function readMessages(db: Database, sessionId: string, { limit }: { limit: number }): readonly StoredMessage[] {
  return rows(
    db,
    `${SELECT} AND sequence >= ${AFTER_GAPS} ORDER BY sequence DESC, rowid DESC LIMIT ?`,
    sessionId,
    limit,
  )
    .map(toMessage)
    .filter(({ id }) => id !== '')
    .reverse()
}

/** Ids of the newest tool calls of a session, at most `limit`. */
export function readRecentCallIds(db: Database, sessionId: string, limit: number): readonly string[] {
  const sql = `SELECT id FROM messages WHERE session_id = ? AND type = 'tool' ORDER BY sequence DESC LIMIT ?`
  return rows(db, sql, sessionId, limit).map(([id]) => String(id))
}

/** Of these rows those that are stored, and whether the result of each is known. A result alone is no row yet. */
export function readKnownRows(db: Database, ids: readonly string[]): ReadonlyMap<string, boolean> {
  const sql = `SELECT id, tool_output IS NOT NULL FROM messages
    WHERE id IN (SELECT value FROM json_each(?)) AND (type <> 'tool' OR tool_name IS NOT NULL)`
  return new Map(rows(db, sql, JSON.stringify(ids)).map(([id, hasResult]) => [String(id), flag(hasResult)]))
}

const SELECT = `SELECT id, type, content, timestamp, sequence, tool_name, tool_input, tool_output, tool_duration,
    is_in_progress OR is_error, images_json
  FROM messages WHERE session_id = ?`

/** The first place behind those that are kept for rows which are read later. */
const AFTER_GAPS = `(SELECT coalesce(max(next_sequence + byte_end - byte_offset), 0)
  FROM transcript_gaps WHERE session_id = messages.session_id)`

function toMessage(cells: Cells): StoredMessage {
  const [id, type, content, timestamp, sequence, toolName, toolInput, toolOutput, duration, isError, images] = cells
  return {
    id: text(id) ?? '',
    type: word(type === 'toolResult' ? 'tool_result' : type, TYPES, 'assistant'),
    content: text(content) ?? '',
    toolName: text(toolName),
    toolInput: text(toolInput),
    toolOutput: text(toolOutput),
    isError: flag(isError),
    timestamp: text(timestamp) ?? '0',
    durationMs: typeof duration === 'number' ? count(Math.round(duration * 1000)) : null,
    images: readImages(images),
    sequence: count(sequence),
  }
}

function readImages(cell: unknown): readonly ImageInput[] {
  const images = json(cell)
  return Array.isArray(images) ? images.filter(isImage) : []
}

function isImage(value: unknown): value is ImageInput {
  const image = value as Partial<ImageInput> | null
  return typeof image?.input_type === 'string' && typeof image.value === 'string'
}

function imagesJson(images: readonly ImageInput[]): string | null {
  return images.length > 0 ? JSON.stringify(images) : null
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}
