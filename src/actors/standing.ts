/** Where the conversation of a session that the server drives stands: its transcript, and the entry behind which it goes on. */
import type { Standing } from '../connectors/claude/launch.ts'
import { AgentError } from '../connectors/connector.ts'
import { findTranscript } from '../hooks/transcript-path.ts'
import type { ResumePoint } from '../session/effects.ts'
import type { SessionState } from '../session/state.ts'
import { allowedPath } from '../transcripts/allowed-path.ts'
import { ConversationChain } from '../transcripts/conversation-chain.ts'
import type { HostOptions } from './host.ts'

export interface Whereabouts {
  /** Of the transcript that tells the conversation so far. */
  readonly path: string
  readonly chain: ConversationChain
  /** The last entry that counts; null where nothing was said. */
  readonly at: string | null
  /** Whether the transcript is another conversation's, until this one has a prompt of its own. */
  readonly isCopy: boolean
}

type Session = Pick<SessionState, 'id' | 'projectPath' | 'claudeSdkSessionId' | 'transcriptPath'>
type Places = Pick<HostOptions, 'claudeConfigDir' | 'transcriptRoots'>

/** The transcript of the session's own conversation; null as long as there is none. */
export function ownTranscript({ id, claudeSdkSessionId, projectPath }: Session, places: Places): string | null {
  const configDirectory = places.claudeConfigDir
  return findTranscript(claudeSdkSessionId ?? id, projectPath, { configDirectory, home: '' })
}

/** Everything that is known of the conversation so far; null where nothing was said, or nothing of it is kept. */
export async function whereaboutsOf(
  session: Session,
  point: ResumePoint | undefined,
  places: Places,
): Promise<Whereabouts | null> {
  if (point?.kind === 'empty' && ownTranscript(session, places) === null) return null
  const own = ownTranscript(session, places) ?? (point?.kind === 'copy' ? null : session.transcriptPath)
  const named = own ?? (point?.kind === 'copy' ? point.path : null)
  const path = named === null ? null : await allowedPath(named, places.transcriptRoots)
  const chain = path === null ? null : await ConversationChain.read(path)
  if (path === null || chain === null) return null
  if (own === null && point?.kind === 'copy') return { path, chain, at: point.entry, isCopy: true }
  return { path, chain, at: chain.messageAt(endOf(chain, point)), isCopy: false }
}

/** What Claude has to be told so that it goes on there. Rejects with AgentError where a copied transcript has gone. */
export async function standingOf(
  session: Session,
  point: ResumePoint | undefined,
  places: Places,
): Promise<Partial<Standing>> {
  const hasOwn = ownTranscript(session, places) !== null
  if (point?.kind === 'empty') return { resumes: hasOwn }
  if (point?.kind === 'copy') {
    if (hasOwn) return { resumes: true }
    const path = await allowedPath(point.path, places.transcriptRoots)
    if (path !== null) return { resumes: false, copies: path, goesOnBehind: point.entry }
    throw new AgentError(`The conversation that this one began with is gone: ${point.path}.`)
  }
  if (point?.kind !== 'before') return {}
  const whereabouts = await whereaboutsOf(session, point, places)
  if (!whereabouts || endOf(whereabouts.chain, point) === whereabouts.chain.end) return {}
  return { resumes: true, goesOnBehind: whereabouts.at ?? undefined }
}

/** The end of a conversation from which a prompt was taken back, unless it has gone on since. */
function endOf(chain: ConversationChain, point: ResumePoint | undefined): string | null {
  if (point?.kind !== 'before' || !chain.promptsTo(chain.end).includes(point.entry)) return chain.end
  return chain.messageBefore(point.entry)
}
