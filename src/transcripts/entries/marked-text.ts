/** The marks in which the CLI wraps what is no plain prompt. */
import { stripVTControlCharacters } from 'node:util'
import { isTaskNotification } from '../../lib/claude-prompt.ts'

export type MarkedText =
  /** Words of a person, or a command that becomes a prompt. */
  | { readonly kind: 'prompt'; readonly text: string }
  /** A command that the CLI carries out itself, such as `/model`. */
  | { readonly kind: 'command'; readonly text: string }
  /** A command of the shell mode. */
  | { readonly kind: 'shell'; readonly command: string }
  /** What that command printed. */
  | { readonly kind: 'shell_output'; readonly output: string; readonly isError: boolean }
  /** What the CLI answered to a command that it carried out itself. */
  | { readonly kind: 'answer'; readonly text: string }
  /** Somebody pressed Esc. */
  | { readonly kind: 'interrupted' }
  /** Nothing that belongs in a conversation. */
  | { readonly kind: 'nothing' }

/** The CLI's word for a text without any. */
export const NO_CONTENT = '(no content)'

const INTERRUPTED = '[Request interrupted by user'
/** Wrappers of texts that the CLI writes for the model or for its own screen. */
const MACHINE_MARKS = ['<local-command-', '<system-reminder>']

/** Commands that the CLI carries out itself begin with their name, others with their message (2.1.197, 2.1.329). */
const OWN_COMMAND = '<command-name>'

/** Reads a text of the user role. Marks count where the whole begins with one: people quote them, too. */
export function markedText(text: string): MarkedText {
  const trimmed = text.trim()
  if (trimmed === '' || isTaskNotification(trimmed)) return { kind: 'nothing' }
  if (trimmed.startsWith(INTERRUPTED)) return { kind: 'interrupted' }
  if (trimmed.startsWith('<command-')) return command(trimmed)
  if (trimmed.startsWith('<bash-')) return shellText(trimmed)
  if (trimmed.startsWith('<local-command-std')) return answer(trimmed)
  return MACHINE_MARKS.some((mark) => trimmed.startsWith(mark))
    ? { kind: 'nothing' }
    : { kind: 'prompt', text: trimmed }
}

function command(text: string): MarkedText {
  const name = inner(text, 'command-name')
  if (name === null) return { kind: 'nothing' }
  const typed = `${name} ${inner(text, 'command-args') ?? ''}`.trim()
  return { kind: text.startsWith(OWN_COMMAND) ? 'command' : 'prompt', text: typed }
}

function answer(text: string): MarkedText {
  const told = inner(text, 'local-command-stdout') ?? inner(text, 'local-command-stderr')
  const plain = stripVTControlCharacters(told ?? '').trim()
  return plain === '' || plain === NO_CONTENT ? { kind: 'nothing' } : { kind: 'answer', text: plain }
}

function shellText(text: string): MarkedText {
  const typed = inner(text, 'bash-input')
  if (typed !== null) return { kind: 'shell', command: typed }
  const printed = inner(text, 'bash-stdout')
  const complained = inner(text, 'bash-stderr')
  if (printed === null && complained === null) return { kind: 'nothing' }
  return {
    kind: 'shell_output',
    output: [printed, complained].filter(Boolean).join('\n'),
    isError: !printed && !!complained,
  }
}

/** The text between a pair of marks. */
function inner(text: string, mark: string): string | null {
  const open = `<${mark}>`
  const from = text.indexOf(open)
  const to = text.indexOf(`</${mark}>`, from)
  return from < 0 || to < 0 ? null : text.slice(from + open.length, to).trim()
}
