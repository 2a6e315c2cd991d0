/** The marks in which the CLI wraps what is no plain prompt. */
import { isTaskNotification } from '../../lib/claude-prompt.ts'

export type MarkedText =
  /** Words of a person, or a command that the person gave. */
  | { readonly kind: 'prompt'; readonly text: string }
  /** A command of the shell mode. */
  | { readonly kind: 'shell'; readonly command: string }
  /** What that command printed. */
  | { readonly kind: 'shell_output'; readonly output: string; readonly isError: boolean }
  /** Somebody pressed Esc. */
  | { readonly kind: 'interrupted' }
  /** Nothing that belongs in a conversation. */
  | { readonly kind: 'nothing' }

const INTERRUPTED = '[Request interrupted by user'
/** Wrappers of texts that the CLI writes for the model or for its own screen. */
const MACHINE_MARKS = ['<local-command-', '<system-reminder>', '<command-output>']

/** Reads a text of the user role. */
export function markedText(text: string): MarkedText {
  const trimmed = text.trim()
  if (trimmed === '' || isTaskNotification(trimmed)) return { kind: 'nothing' }
  if (trimmed.startsWith(INTERRUPTED)) return { kind: 'interrupted' }
  const command = inner(trimmed, 'command-name')
  if (command !== null) return { kind: 'prompt', text: `${command} ${inner(trimmed, 'command-args') ?? ''}`.trim() }
  const shell = inner(trimmed, 'bash-input')
  if (shell !== null) return { kind: 'shell', command: shell }
  const printed = inner(trimmed, 'bash-stdout')
  const complained = inner(trimmed, 'bash-stderr')
  if (printed !== null || complained !== null) {
    const output = [printed, complained].filter(Boolean).join('\n')
    return { kind: 'shell_output', output, isError: !printed && Boolean(complained) }
  }
  if (MACHINE_MARKS.some((mark) => trimmed.startsWith(mark))) return { kind: 'nothing' }
  return { kind: 'prompt', text: trimmed }
}

/** The text between a pair of marks, where the whole begins with one. */
function inner(text: string, mark: string): string | null {
  const open = `<${mark}>`
  const from = text.startsWith('<') ? text.indexOf(open) : -1
  const to = text.indexOf(`</${mark}>`, from)
  return from < 0 || to < 0 ? null : text.slice(from + open.length, to).trim()
}
