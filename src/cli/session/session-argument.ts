/** What every command about one session is given. */
import { text as readAll } from 'node:stream/consumers'
import type { ArgsDef } from 'citty'
import { CliError } from '../cli-error.ts'

export const sessionArgument = {
  id: { type: 'positional', required: true, description: 'Id of the session, or a beginning of it that fits no other' },
} as const satisfies ArgsDef

/** The text that was typed, or all of standard input for `-`. Throws CliError `empty_text` when nothing is in it. */
export async function textOf(typed: string): Promise<string> {
  const text = (typed === '-' ? await readAll(process.stdin) : typed).trim()
  if (text === '') throw new CliError('empty_text', 'The text is empty.')
  return text
}

/** Several names in one word, as in `Bash,Read`. */
export function namesOf(typed: string | undefined): string[] {
  return (typed ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
