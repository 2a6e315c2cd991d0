/** Every bound of the server in one place: what it limits, in which unit. */

/** Bytes of one hook body; a longer one is answered 413. */
export const HOOK_BODY_BYTES_MAX = 16 * 1024 * 1024
/** Bytes of one message from a socket (images arrive as data URIs). */
export const SOCKET_MESSAGE_BYTES_MAX = 32 * 1024 * 1024
/** Bytes of one frame to a client: Apple's WebSocket client refuses 1 MiB and then reconnects for ever. */
export const FRAME_BYTES_MAX = 960 * 1024
/** Bytes of a `sessions_list` or `approvals_list`; the app replaces its list, so it cannot be paged. */
export const LIST_BYTES_MAX = 900 * 1024
/** Messages in a snapshot. */
export const SNAPSHOT_MESSAGES_MAX = 200
/** Characters of one text field in a snapshot or live frame; the rest is cut and marked. */
export const TEXT_CHARS_MAX = 16_000
/** Characters below which a shrinking frame does not cut a text field. */
export const TEXT_CHARS_MIN = 250
/** Characters of an image value that may stay inline in a snapshot. */
export const INLINE_IMAGE_CHARS_MAX = 500
/** Diffs of finished turns in a snapshot. */
export const TURN_DIFFS_MAX = 80
/** Characters of `last_message`. */
export const LAST_MESSAGE_CHARS_MAX = 200
/** Characters of a title made from the first prompt. */
export const TITLE_CHARS_MAX = 72
/** Frames kept per active session for `since_revision`. */
export const REPLAY_FRAMES_MAX = 512
/** Bytes kept per active session for `since_revision`. */
export const REPLAY_BYTES_MAX = 256 * 1024
/** Event ids of one session remembered in memory against doubled deliveries; older ones are looked up in the database. */
export const EVENT_IDS_MAX = 512
/** Decided approvals whose answer is repeated when the hook asks again. */
export const ANSWERED_APPROVALS_MAX = 16
/** Pending approvals of one session. */
export const PENDING_APPROVALS_MAX = 64
/** Revisions reserved ahead of use, so that a crash never leads to one being issued twice. */
export const REVISION_BLOCK = 1024
