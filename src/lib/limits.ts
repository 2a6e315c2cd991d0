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
/** Milliseconds without a client, a hook or an agent after which a session leaves memory. */
export const ACTOR_IDLE_MS = 10 * 60_000
/** Milliseconds between looks for idle sessions. */
export const ACTOR_SWEEP_MS = 60_000
/** Milliseconds between two reads of one transcript. */
export const TRANSCRIPT_READ_GAP_MS = 50
/** Milliseconds in which a transcript catches up with what its agent has told, when a conversation is to be cut or copied. */
export const TRANSCRIPT_SETTLES_MS = 2_000
/** Milliseconds between two looks at it. */
export const TRANSCRIPT_SETTLES_GAP_MS = 100
/** Delays in milliseconds of further reads after a hook: the agent writes its transcript about 100 ms late. */
export const TRANSCRIPT_FOLLOW_UPS_MS = [120, 400, 1_500] as const
/** Milliseconds after a report of the system for which it may leave out the next one about the same file, with a margin. */
export const WATCH_ECHO_MS = 50
/** Milliseconds between two reads of a transcript that is being written, where the system does not report it. */
export const TRANSCRIPT_POLL_MS = 1_500
/** Bytes of a transcript that are read before their rows are stored. */
export const TRANSCRIPT_UNSTORED_BYTES_MAX = 1024 * 1024
/** Milliseconds between two slices of what was left out of a transcript: others come first. */
export const HISTORY_PAUSE_MS = 2
/** Bytes of transcripts, or characters of their rows, after which a thread that they pass through collects its garbage. */
export const GARBAGE_BYTES_MAX = 8 * 1024 * 1024
/** Times that a snapshot is tried again because its session said more meanwhile. */
export const SNAPSHOT_TRIES_MAX = 20
/** Milliseconds that a snapshot waits for a transcript being read. */
export const TRANSCRIPT_PATIENCE_MS = 400
/** Milliseconds between heartbeats to a thread of actors. */
export const HEARTBEAT_MS = 1_000
/** Milliseconds of silence after which a thread of actors counts as hung and is replaced. */
export const HOST_SILENCE_MS = 5_000
/** Deaths of a thread over one input after which the input is dropped. */
export const INPUT_DEATHS_MAX = 2
/** Inputs waiting for one thread of actors; more are answered with 503. */
export const HOST_INPUTS_MAX = 50_000
/** Bytes waiting for one socket beyond which it is cut; a snapshot and what follows it fit. */
export const SOCKET_BUFFER_BYTES_MAX = 2 * 1024 * 1024
/** Bytes waiting for one socket that count as stalled when they do not drain. */
export const SOCKET_STALLED_BYTES = 256 * 1024
/** Milliseconds that a socket may stay stalled. */
export const SOCKET_STALLED_MS = 10_000
/** Milliseconds between looks for stalled sockets. */
export const SOCKET_SWEEP_MS = 1_000
/** Seconds of silence after which a socket is pinged and, without a pong, closed. */
export const SOCKET_IDLE_SECONDS = 60
/** Commands of one socket that are carried out at a time; its further messages wait. */
export const SOCKET_COMMANDS_MAX = 128
/** Bytes waiting for one socket above which its messages wait: it shall read what it caused before it causes more. */
export const SOCKET_CALM_BYTES = 256 * 1024
/** Messages of one socket that wait; more are refused. */
export const SOCKET_INBOX_MAX = 20_000
/** Characters of the messages of one socket that wait. */
export const SOCKET_INBOX_CHARS_MAX = 64 * 1024 * 1024
/** Subscriptions of one socket that wait for their snapshot; more are refused. */
export const SOCKET_SUBSCRIPTIONS_MAX = 4_096
/** Frames of one session that wait for its snapshot; more start the subscription over. */
export const HELD_FRAMES_MAX = 4_096
/** Characters of the frames that wait for a snapshot. */
export const HELD_CHARS_MAX = 2 * 1024 * 1024
/** Hook posts that wait for an answer. */
export const HELD_POSTS_MAX = 1_024
/** Milliseconds after which a post that went away without an answer is not expected back. */
export const HELD_POST_GRACE_MS = 1_500
/** Sessions read for a list; no frame holds more. */
export const LIST_SESSIONS_MAX = 2_500
/** Rows of one commit; more only make everybody wait longer. */
export const STORE_BATCH_ROWS_MAX = 512
/** Characters that wait to be stored; beyond, nothing more is accepted until they are. */
export const STORE_QUEUE_CHARS_MAX = 64 * 1024 * 1024
/** Milliseconds before a failed commit is tried again, the first time. */
export const STORE_RETRY_MS_MIN = 100
/** Milliseconds between tries after many of them. */
export const STORE_RETRY_MS_MAX = 5_000
/** Milliseconds without a row after which the store tidies up. */
export const STORE_IDLE_MS = 250
/** Milliseconds for which applied events are remembered; no spool keeps one longer. */
export const EVENT_MEMORY_MS = 30 * 24 * 60 * 60_000
/** Sessions whose old events are forgotten in one quiet moment. */
export const PRUNED_SESSIONS_MAX = 64
/** Milliseconds that the start waits for the spool before clients may connect. */
export const SPOOL_START_PATIENCE_MS = 3_000
/** Kinds of hooks and transcript entries that were reported as unknown. */
export const UNKNOWN_KINDS_MAX = 256
/** Spooled events that are handed over without waiting for the first to be stored. */
export const SPOOL_DELIVERIES_MAX = 64
/** Entries of a directory that are shown. */
export const DIRECTORY_ENTRIES_MAX = 10_000
/** Directories that sessions have worked in. */
export const RECENT_PROJECTS_MAX = 100
/** Remarks on the diffs of one session. */
export const REVIEW_COMMENTS_MAX = 1_000
/** Bytes, as JSON, of both streams of a command in its `shell_output`. */
export const SHELL_OUTPUT_BYTES_MAX = 900 * 1024
/** Bytes, as JSON, of each stream that are shown while the command runs. */
export const SHELL_SHOWN_BYTES_MAX = 16 * 1024
/** Milliseconds between two looks at the output of a command that runs. */
export const SHELL_UPDATE_GAP_MS = 200
/** Milliseconds between two reads of a command that has said more than is kept. */
export const SHELL_FLOOD_PAUSE_MS = 2
/** Milliseconds from asking a command to end to ending it. */
export const SHELL_KILL_GRACE_MS = 1_000
/** Milliseconds between two looks into the spool. */
export const SPOOL_POLL_MS = 1_000
/** Milliseconds after its first hook for which the transcript of a session may still appear. */
export const TRANSCRIPT_APPEARS_MS = 5_000
/** Milliseconds that a row made by a hook waits for the transcript to tell where it belongs. */
export const TRANSCRIPT_ROWS_DUE_MS = 1_200
/** Threads of actors in a row that die without a word before the server gives up. */
export const MUTE_HOSTS_MAX = 8
/** Milliseconds after it was sent in which an event is looked for only among those that its session remembers. */
export const EVENT_FRESH_MS = 10_000
/** Milliseconds after which a session's transcript is looked for again where there was none. */
export const TRANSCRIPT_LOOK_GAP_MS = 500
/** Milliseconds between two looks at the files of a session's subagents, where no hooks tell of them. */
export const SUBAGENT_LOOK_GAP_MS = 500
/** Milliseconds before somebody looks in which a subagent must have written something to count as running. */
export const SUBAGENT_FRESH_MS = 10_000
/** Milliseconds from the end of a subagent to keeping what its transcript says: that is written a little late. */
export const SUBAGENT_ARCHIVE_MS = 1_500
/** Directories in which Claudes note what they do; hooks may name others than the usual one. */
export const REGISTRY_DIRECTORIES_MAX = 16
/** Records of running Claudes in one directory. */
export const REGISTRY_RECORDS_MAX = 4_096
/** Bytes of one record. */
export const REGISTRY_RECORD_BYTES_MAX = 64 * 1024
/** Milliseconds that the record of an agent must contradict its hooks before it is believed: they may be on their way. */
export const OBSERVATION_GRACE_MS = 1_000
/** Milliseconds before the last hook in which a record that the turn is over may have been noted and still be news. */
export const OBSERVATION_SLACK_MS = 300
/** Milliseconds after the last hook for which a record from before it is taken for late. */
export const OBSERVATION_STALE_MS = 2_500
/** Milliseconds between two looks at the processes that hold sessions. */
export const LIVENESS_TICK_MS = 1_000
/** Milliseconds between two looks at the records of running Claudes, of which the system reports most changes. */
export const REGISTRY_SCAN_MS = 2_000
/** Milliseconds between them while no Claude is known to run, and the system would report one. */
export const REGISTRY_QUIET_SCAN_MS = 10_000
/** Milliseconds that a session whose last process has gone waits for another one, and for the hook that says why. */
export const PROCESS_GRACE_MS = 800
/** Milliseconds after which a process that a hook named, and no record knows, is the agent and not only a shell around the hook. */
export const PROCESS_PROVEN_MS = 5_000
/** Milliseconds after it was sent for which a hook counts as just sent: its agent still waits for it. */
export const LATE_HOOK_MS = 3_000
/** Milliseconds after its start for which the hook that tells of a Claude may be on its way. */
export const UNHOOKED_AFTER_MS = 1_500
/** Starts of sessions that wait for the record of their process to confirm them. */
export const DOUBTS_MAX = 256
/** Milliseconds that they wait. */
export const DOUBT_MS_MAX = 10_000
/** Forks whose transcripts have to show of what they are copies. */
export const COPIES_MAX = 256
/** Milliseconds for which they are looked at. */
export const COPY_LOOK_MS_MAX = 30_000
/** Sessions that are remembered to run on another host. */
export const ELSEWHERE_MAX = 4_096
/** Tool calls of a session that are remembered as counted when it is read from the database. */
export const COUNTED_ROWS_MAX = 64
/** Milliseconds between two looks at MCP servers that are starting. */
export const MCP_LOOK_MS = 500
/** Looks after which they count as failed: as long as Claude itself waits for them, and more. */
export const MCP_LOOKS_MAX = 120
/** Questions of clients that the agents of one host have not answered yet; more are refused. */
export const AGENT_QUESTIONS_MAX = 64
/** Milliseconds that a Claude which the server drives may take to answer a request. */
export const CLAUDE_REQUEST_MS = 30_000
/** Milliseconds that it may take to say that it is ready. */
export const CLAUDE_START_MS = 45_000
/** Milliseconds from closing its input to asking it to end. */
export const CLAUDE_EOF_GRACE_MS = 1_500
/** Milliseconds from asking it to end to ending it; with the rest of its group it must fit into `HOST_SILENCE_MS`. */
export const CLAUDE_TERM_GRACE_MS = 1_500
/** Bytes of one of its lines; a longer one is left out. */
export const CLAUDE_LINE_BYTES_MAX = 64 * 1024 * 1024
/** Bytes of its error output that are kept, for the message that says why it left. */
export const CLAUDE_STDERR_BYTES_MAX = 4 * 1024
/** Characters of prompts that wait until it reads them; more are refused. */
export const CLAUDE_INPUT_CHARS_MAX = 64 * 1024 * 1024
/** Milliseconds between two frames of one message that is being written. */
export const STREAM_FRAME_GAP_MS = 50
/** Milliseconds that an interrupted turn may take to end. */
export const INTERRUPT_MS = 10_000
/** Milliseconds between two looks at a process of which nobody tells when it ends. */
export const PROCESS_LOOK_MS = 10
/** Milliseconds after the end of its last subagent for which a Claude that the server drives may begin to report. */
export const AGENT_REPORT_MS = 10_000
