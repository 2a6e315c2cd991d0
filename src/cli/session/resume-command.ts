/** How a session goes on in a terminal. */
import { basename } from 'node:path'
import { shellWord } from '../../install/shell-quote.ts'
import type { SessionState } from '../../protocol/model/session.ts'
import { clean } from '../terminal-text.ts'

const ENDING = '.jsonl'

/**
 * A command line to copy; null where the agent keeps nothing to go on from. Claude looks for a conversation below the
 * directory in which it began, by the name of its transcript.
 */
export function resumeCommand(
  session: Pick<SessionState, 'provider' | 'project_path' | 'transcript_path'>,
): string | null {
  const { provider, project_path: directory, transcript_path: transcript } = session
  if (provider !== 'claude' || !transcript?.endsWith(ENDING)) return null
  const command = `cd ${shellWord(directory)} && claude --resume ${shellWord(basename(transcript, ENDING))}`
  // What a terminal would read as an order is not to be copied.
  return clean(command) === command ? command : null
}
