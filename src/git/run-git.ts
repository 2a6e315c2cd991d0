/** Runs git in a repository that nobody vouches for: it changes nothing, asks nobody, fetches nothing, and comes to an end. */
import { setPriority } from 'node:os'
import { delimiter, dirname, isAbsolute } from 'node:path'
import { REASON_CHARS_MAX, STATUS_BYTES_MAX } from './limits.ts'

export interface GitRun {
  /** Top directory of the worktree. */
  readonly root: string
  readonly words: readonly string[]
  readonly limits: GitLimits
}

/** When git is stopped. */
export interface GitLimits {
  readonly signal: AbortSignal
  readonly deadlineMs: number
}

export type GitResult =
  | { readonly outcome: 'done'; readonly exitCode: number; readonly output: string; readonly complaint: string }
  /** `output` is as much as is read. */
  | { readonly outcome: 'cut'; readonly output: string }
  | { readonly outcome: 'slow' | 'stopped' | 'missing' }

/** Where a Mac has the git that `/usr/bin/git` stands for; asked without them, that one opens a dialog. */
const MAC_GITS = [
  '/Library/Developer/CommandLineTools/usr/bin/git',
  '/Applications/Xcode.app/Contents/Developer/usr/bin/git',
]
/** Niceness: whoever sits at the machine comes first. */
const LOW_PRIORITY = 10

/** What the server was started with may point git to another repository, or hold secrets. */
const PASSED_ON = ['HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'DEVELOPER_DIR']

/** Settings of a repository that name programs; an empty `core.fsmonitor` is none for every version of git. */
const HARMLESS = ['-c', 'core.fsmonitor=', '-c', 'core.hooksPath=/dev/null']

/** Runs git with `words`; settles once it has ended. Never rejects. */
export async function runGit({ root, words, limits }: GitRun): Promise<GitResult> {
  const path = searchPath()
  const program = gitProgram(path)
  if (program === undefined) return { outcome: 'missing' }
  try {
    limits.signal.throwIfAborted()
    using child = start([program, '--no-pager', '--no-optional-locks', ...HARMLESS, ...words], root, path)
    using end = endWith(limits, child.kill)
    const [output, complaint] = await Promise.all([
      beginning(child.process.stdout, STATUS_BYTES_MAX),
      beginning(child.process.stderr, STATUS_BYTES_MAX),
    ])
    if (output.isCut) return { outcome: 'cut', output: output.text }
    const exitCode = await child.process.exited
    if (end.reason !== undefined) return { outcome: end.reason }
    return { outcome: 'done', exitCode, output: output.text, complaint: complaint.text.slice(0, REASON_CHARS_MAX) }
  } catch {
    // It was not to begin, or the directory or the program has gone.
    return { outcome: 'stopped' }
  }
}

/** Calls `kill` when the signal says so or the time is over; `reason` tells which. */
function endWith({ signal, deadlineMs }: GitLimits, kill: () => void) {
  const end: { reason: 'slow' | 'stopped' | undefined } & Disposable = {
    reason: undefined,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    },
  }
  const endFor = (reason: 'slow' | 'stopped') => () => {
    end.reason ??= reason
    kill()
  }
  const stop = endFor('stopped')
  const timer = setTimeout(endFor('slow'), deadlineMs)
  signal.addEventListener('abort', stop)
  return end
}

function start(command: string[], root: string, path: string) {
  const child = Bun.spawn(command, {
    cwd: root,
    env: environment(root, path),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    // It leads a process group, so that what it starts can be ended with it.
    detached: true,
  })
  const kill = () => {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
  try {
    setPriority(child.pid, LOW_PRIORITY)
  } catch {
    // It has ended, or the system does not allow it.
  }
  return { process: child, kill, [Symbol.dispose]: kill }
}

async function beginning(stream: ReadableStream<Uint8Array>, bytesMax: number) {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true })
    bytes += chunk.byteLength
    if (bytes >= bytesMax) return { text, isCut: true }
  }
  return { text, isCut: false }
}

function environment(root: string, path: string): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(passed),
    PATH: path,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A partial clone would fetch what it lacks, through whatever program its settings name.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_CEILING_DIRECTORIES: dirname(root),
  }
}

/** Relative entries would find programs in the repository. */
function searchPath(): string {
  const entries = (process.env.PATH ?? '').split(delimiter)
  return entries.filter(isAbsolute).join(delimiter)
}

function gitProgram(path: string): string | undefined {
  const found = Bun.which('git', { PATH: path })
  if (process.platform === 'darwin' && found === '/usr/bin/git') return MAC_GITS.find((git) => Bun.which(git) !== null)
  return found ?? undefined
}
