/** Bounds of looking at repositories: what each limits, in which unit. */

/** Directories between a directory and the root of its repository. */
export const PARENTS_MAX = 64
/** Bytes of a file of one line, such as HEAD. */
export const LINE_FILE_BYTES_MAX = 4 * 1024
/** Bytes of the configuration of a repository. */
export const CONFIG_BYTES_MAX = 1024 * 1024
/** Bytes of the list of packed refs; in a longer one the commit of a branch is not looked up. */
export const PACKED_REFS_BYTES_MAX = 4 * 1024 * 1024
/** Characters of a branch's name that are told. */
export const BRANCH_CHARS_MAX = 250
/** Characters of a commit's name that stand for a branch where none is checked out. */
export const SHORT_SHA_CHARS = 7
/** Sessions whose repositories are followed. */
export const FOLLOWERS_MAX = 2_048
/** Directories that are watched for another branch. */
export const WATCHED_GIT_DIRECTORIES_MAX = 256
/** Milliseconds between two searches for the repository of one session's directory. */
export const SEARCH_GAP_MS = 1_000
/** Milliseconds between two reads of the branch of one worktree. */
export const HEAD_GAP_MS = 100
/** Milliseconds between two looks at the files of one worktree. */
export const STATUS_GAP_MS = 1_000
/** How many times longer than its last look took a worktree is left alone. */
export const STATUS_REST_FACTOR = 10
/** Milliseconds after which git is stopped: the repository is too large to be looked at often. */
export const STATUS_DEADLINE_MS = 10_000
/** Milliseconds to which the gap grows, twofold each time, while git refuses or is too slow. */
export const STATUS_GAP_MS_MAX = 30 * 60_000
/** Bytes of what git says that are read; the first entry suffices. */
export const STATUS_BYTES_MAX = 64 * 1024
/** Characters of git's reason for refusing that are logged. */
export const REASON_CHARS_MAX = 300
/** Git processes of one host at a time. */
export const GIT_PROCESSES_MAX = 2
/** Filters that are switched off; a repository with more is not looked at. */
export const FILTERS_MAX = 64
/** Worktrees whose trouble with git was logged. */
export const REPORTED_WORKTREES_MAX = 256
