/** What a session is called, and the line that shows what was said last. */
import { isTaskNotification } from '../lib/claude-prompt.ts'
import { LAST_MESSAGE_CHARS_MAX, TITLE_CHARS_MAX } from '../lib/limits.ts'
import { NAME_CHARS_MAX } from './limits.ts'
import { cutText } from './text.ts'

/** Marks of texts that agents put in front of a conversation; they name nothing. */
const BOOTSTRAP_MARKS = [
  '<environment_context>',
  '<permissions instructions>',
  '<collaboration_mode>',
  '<skill>',
  '<turn_aborted>',
  'the user interrupted the previous turn on purpose',
  'agents.md instructions for',
]

/** Whether no person wrote this prompt. */
export function isBootstrap(text: string): boolean {
  if (isTaskNotification(text)) return true
  const lower = text.toLowerCase()
  return BOOTSTRAP_MARKS.some((mark) => lower.includes(mark))
}

/** The title that a prompt gives its session: one line of at most `TITLE_CHARS_MAX` characters. Null when it names nothing. */
export function titleOf(prompt: string): string | null {
  if (isBootstrap(prompt)) return null
  const line = prompt.trim().replace(/\s+/g, ' ')
  return line === '' ? null : cutText(line, TITLE_CHARS_MAX, '…')
}

/** The beginning of a text as `last_message` shows it; null when there is nothing to show. */
export function lastMessageOf(text: string): string | null {
  const trimmed = text.trim()
  return trimmed === '' || isBootstrap(trimmed) ? null : cutText(trimmed, LAST_MESSAGE_CHARS_MAX)
}

/** A given name without blanks around it, at most `NAME_CHARS_MAX` characters; null when nothing is left. */
export function nameOf(name: string): string | null {
  const trimmed = name.trim()
  return trimmed === '' ? null : cutText(trimmed, NAME_CHARS_MAX)
}

/** The last part of a path, as a name for the project in it. */
export function projectNameOf(path: string): string | null {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? null
}
