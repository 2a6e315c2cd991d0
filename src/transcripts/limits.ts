/** Bounds of reading transcripts: what each limits, in which unit. */

/** Bytes of one line that are kept; of a longer one the long strings are cut. Claude writes pictures into its lines, as base64. */
export const TRANSCRIPT_LINE_BYTES_MAX = 8 * 1024 * 1024
/** Bytes of a string in such a line before it is cut. */
export const LONG_STRING_BYTES_MAX = 64 * 1024
/** Bytes of a transcript that are read in order; of a longer one the newest part comes first. */
export const TRANSCRIPT_IN_ORDER_BYTES_MAX = 2 * 1024 * 1024
/** Bytes at the beginning of a long one in which its first prompt is looked for. */
export const FIRST_PROMPT_BYTES = 256 * 1024
/** Bytes of the newest part. */
export const TRANSCRIPT_TAIL_BYTES = 1024 * 1024
/** Bytes of one read, and so of the lines of one slice, unless a single line is longer. */
export const TRANSCRIPT_READ_BYTES = 64 * 1024
/** Bytes at the beginning of a file that tell it from another. */
export const TRANSCRIPT_HEAD_BYTES = 512
/** Characters of one picture as base64; a larger one is left out. */
export const TRANSCRIPT_IMAGE_CHARS_MAX = 8 * 1024 * 1024
/** Pictures of one row. */
export const TRANSCRIPT_IMAGES_MAX = 20
/** Tool calls whose beginning is remembered until their result comes. */
export const OPEN_CALLS_MAX = 256
/** Tool calls of one subagent that are listed; the oldest are left out. */
export const SUBAGENT_TOOLS_MAX = 500
/** Rows of the conversation of one subagent that clients get. */
export const SUBAGENT_MESSAGES_MAX = 200
/** Bytes of the note that Claude makes of a subagent. */
export const SUBAGENT_NOTE_BYTES_MAX = 64 * 1024
/** Directories whose transcripts are watched at a time; those in others are read a little later. */
export const WATCHED_DIRECTORIES_MAX = 256
/** Bytes at the end of a file in which the last step of a turn is looked for. */
export const TURN_TAIL_BYTES = 128 * 1024
/** Entries of one transcript that are remembered, because others may follow them. */
export const KNOWN_ENTRIES_MAX = 512
/** Entries that wait for the one that they follow. */
export const WAITING_ENTRIES_MAX = 64
/** Bytes of the file between the first and the last of them. */
export const WAITING_BYTES_MAX = 4 * 1024 * 1024
/** Milliseconds at the end of a file for which they wait: the entry may be on its way. */
export const WAITING_ENTRIES_MS = 250
/** Bytes at the end of a transcript that are searched for what was written while nobody listened. */
export const TOLD_SINCE_BYTES_MAX = 8 * 1024 * 1024
