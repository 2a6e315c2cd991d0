/** Cuts a snapshot until its frame is small enough for every client. */
import {
  FRAME_BYTES_MAX,
  INLINE_IMAGE_CHARS_MAX,
  SNAPSHOT_MESSAGES_MAX,
  TEXT_CHARS_MAX,
  TEXT_CHARS_MIN,
  TURN_DIFFS_MAX,
} from '../lib/limits.ts'
import type { Message } from '../protocol/model/message.ts'
import type { SessionState as SessionSnapshot } from '../protocol/model/session.ts'
import { CUT_MARK, cutJson, cutText } from './text.ts'

/** Bytes of the frame around a snapshot: its tag and its key. */
const ENVELOPE_BYTES = 64
const SESSION_BYTES_MAX = FRAME_BYTES_MAX - ENVELOPE_BYTES
/** Texts that show changes are worth more room than others. */
const ROOMY_KEYS = new Set(['diff', 'current_diff', 'current_plan'])
/** Clients parse these, so they stay JSON. */
const JSON_KEYS = new Set(['tool_input', 'current_plan'])

/**
 * The snapshot with at most `SNAPSHOT_MESSAGES_MAX` messages and `TURN_DIFFS_MAX` diffs, one for each turn, without large
 * inline images, and with texts of at most `TEXT_CHARS_MAX` characters. If that is too much for a frame, texts become shorter,
 * down to `TEXT_CHARS_MIN`, and then messages and diffs fewer, the oldest first.
 */
export function fitSnapshot(session: SessionSnapshot): SessionSnapshot {
  const bounded = {
    ...session,
    messages: session.messages.slice(-SNAPSHOT_MESSAGES_MAX).map(withoutLargeImages),
    turn_diffs: newestOfEachTurn(session.turn_diffs ?? []).slice(-TURN_DIFFS_MAX),
  }
  for (let limit = TEXT_CHARS_MAX; limit >= TEXT_CHARS_MIN; limit >>= 1) {
    const cut = cutTexts(bounded, limit)
    if (fits(cut)) return cut
  }
  const smallest = cutTexts(bounded, TEXT_CHARS_MIN)
  for (let count = SNAPSHOT_MESSAGES_MAX >> 1; count > 0; count >>= 1) {
    const fewer = {
      ...smallest,
      messages: smallest.messages.slice(-count),
      turn_diffs: smallest.turn_diffs?.slice(-count),
    }
    if (fits(fewer)) return fewer
  }
  return { ...smallest, messages: [], turn_diffs: [], subagents: [] }
}

/** A character takes at least one byte, so most of what is too long is found without encoding it. */
function fits(session: SessionSnapshot): boolean {
  const text = JSON.stringify(session)
  return text.length <= SESSION_BYTES_MAX && Buffer.byteLength(text) <= SESSION_BYTES_MAX
}

function cutTexts<Value>(value: Value, limit: number): Value {
  return cutValue(value, '', limit) as Value
}

function cutValue(value: unknown, key: string, limit: number): unknown {
  if (typeof value === 'string') {
    const charsMax = ROOMY_KEYS.has(key) ? 2 * limit : limit
    return JSON_KEYS.has(key) ? cutJson(value, charsMax) : cutText(value, charsMax, CUT_MARK)
  }
  if (Array.isArray(value)) return value.map((item) => cutValue(item, key, limit))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cutValue(inner, name, limit)]))
}

function withoutLargeImages(message: Message): Message {
  const images = message.images?.filter(({ value }) => value.length <= INLINE_IMAGE_CHARS_MAX)
  if (!images || images.length === message.images?.length) return message
  const { images: _, ...rest } = message
  return images.length > 0 ? { ...rest, images } : rest
}

/** OrbitDock.app stops working on two diffs with one id. */
function newestOfEachTurn<Diff extends { readonly turn_id: string }>(diffs: readonly Diff[]): readonly Diff[] {
  return [...new Map(diffs.map((diff) => [diff.turn_id, diff])).values()]
}
