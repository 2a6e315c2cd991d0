/** Bounds of what a session's state remembers: what each limits, in which unit. */

/** Tool calls of one turn; the oldest are forgotten first. */
export const TURN_TOOLS_MAX = 256
/** Characters of a tool's input that are kept once the call is finished. */
export const FINISHED_INPUT_CHARS_MAX = 4096
/** Subagents of one session; the oldest are forgotten first. */
export const SUBAGENTS_MAX = 100
/** Tasks beside the conversation that are remembered; those that are over go first. */
export const BACKGROUND_TASKS_MAX = 32
/** Characters of what one of them is for. */
export const TASK_DESCRIPTION_CHARS_MAX = 500
/** Steps of a plan. */
export const PLAN_STEPS_MAX = 500
/** Calls that changed the plan, by which a second report of one is recognised. */
export const PLAN_CALLS_MAX = 64
/** Ids of rows that a second report is recognised by. */
export const RECENT_ROWS_MAX = 64
/** Rows after which an equal text is no longer an echo of one made here. */
export const ECHO_ROWS_MAX = 5
/** Requests taken back that are remembered. */
export const WITHDRAWN_APPROVALS_MAX = 32
/** MCP start-up frames repeated to those who come later. */
export const STARTUP_FRAMES_MAX = 64
/** Milliseconds after its end within which an event of a session counts as late, not as new life. */
export const LATE_EVENT_MS = 2_000
/** Milliseconds after which a prompt counts as delivered late, as from the spool. */
export const LATE_PROMPT_MS = 2_000
/** Milliseconds within which a second report of a compaction means the first. */
export const COMPACTION_ECHO_MS = 10_000
/** Characters of the inline pictures of one row in a live frame, so that its texts fit beside them. */
export const LIVE_IMAGES_CHARS_MAX = 512 * 1024
/** Characters of a name that a person or an agent gives. */
export const NAME_CHARS_MAX = 4_096
/** Characters of a diff that stays in memory once its turn is over. */
export const TURN_DIFF_CHARS_MAX = 32_000
/** Characters of a remark on a diff, written as JSON. */
export const REVIEW_COMMENT_CHARS_MAX = 16_000
/** Prompts that wait in one session. */
export const QUEUED_PROMPTS_MAX = 50
/** Characters of all of them, pictures included. */
export const QUEUED_CHARS_MAX = 32 * 1024 * 1024
/** Characters of one as clients see it. */
export const QUEUED_SHOWN_CHARS_MAX = 8_000
/** Commands of people that run in one session at a time. */
export const SHELLS_MAX = 8
/** Characters of such a command. */
export const SHELL_COMMAND_CHARS_MAX = 100_000
/** Seconds after which such a command is stopped at the latest. */
export const SHELL_SECONDS_MAX = 24 * 60 * 60
