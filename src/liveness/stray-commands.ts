/** Finds the commands that a Claude was running when it died without a word: each leads a process group of its own. */
import { readdirSync, readFileSync } from 'node:fs'

/** In the command line of every command that Claude runs: the file from which it restores the user's shell. */
const MARK = '/shell-snapshots/snapshot-'

/**
 * Process ids of commands run by a Claude that was started with `variable` (as `NAME=value`) in its environment. What those
 * commands have put into the background for good is not among them.
 */
export function strayCommands(variable: string): readonly number[] {
  return process.platform === 'linux' ? inProc(variable) : inProcessList(variable)
}

function inProc(variable: string): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid) || !textOf(`/proc/${pid}/cmdline`).includes(MARK)) return []
    return textOf(`/proc/${pid}/environ`).split('\0').includes(variable) ? [pid] : []
  })
}

/** `ps -E` shows the environment behind the command line, for processes of the same user. */
function inProcessList(variable: string): readonly number[] {
  const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C' }
  const { stdout } = Bun.spawnSync(['ps', '-axEww', '-o', 'pid=,command='], { env, stderr: 'ignore' })
  const lines = stdout.toString().split('\n')
  return lines.flatMap((line) =>
    line.includes(MARK) && ` ${line} `.includes(` ${variable} `) ? [Number.parseInt(line, 10)] : [],
  )
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
