/** What a fork of a session of Claude Code begins with: which rows, and which part of which transcript. */
import type { Database } from 'bun:sqlite'
import { statSync } from 'node:fs'
import type { GatewayMessage } from '../protocol/client/index.ts'
import { errorFrame } from '../protocol/errors.ts'
import { COMPACTED } from '../session/conversation.ts'
import type { ResumePoint, ToolLists } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'
import type { StoredSession } from '../session/state.ts'
import {
  endsWith,
  hasHistoryGap,
  lastSaidBefore,
  placeBehind,
  readLastSent,
  readPlace,
  readPrompts,
  type StoredPrompt,
} from '../store/message-history.ts'
import { readResumePoint } from '../store/resume-points.ts'
import { readSession } from '../store/sessions.ts'
import { readToolLists } from '../store/tool-lists.ts'
import type { HostOptions } from './host.ts'
import { settledWhereabouts } from './settled-whereabouts.ts'
import type { Whereabouts } from './standing.ts'

type Fork = Extract<GatewayMessage, { type: 'fork_session' }>

export interface ForkPlan {
  readonly type: 'plan'
  readonly events: readonly SessionEvent[]
  readonly point: ResumePoint
  readonly tools: ToolLists
}

interface ForkPlanParts {
  readonly reader: Database
  readonly options: Pick<HostOptions, 'claudeConfigDir' | 'transcriptRoots'>
}

/** The beginning of the new conversation: the rows before a place, which the agent has in mind up to an entry. */
interface Beginning {
  readonly before: number
  readonly point: ResumePoint
}

const NOTHING: Beginning = { before: 0, point: { kind: 'empty' } }

/** Why there is no fork, for people. */
class ForkError extends Error {
  override readonly name = 'ForkError'
}

/** The plan, or the refusal that the client gets. The source is as it is stored; it stays as it is. */
export async function planFork(wish: Fork, parts: ForkPlanParts): Promise<ForkPlan | ReturnType<typeof errorFrame>> {
  const { source_session_id: sourceId } = wish
  const source = readSession(parts.reader, sourceId)?.stored
  if (!source) return errorFrame('not_found', sourceId)
  try {
    if (source.provider !== 'claude') throw new ForkError('Only sessions of Claude Code can be forked yet.')
    const cwd = wish.cwd ?? source.projectPath
    if (!isDirectory(cwd)) throw new ForkError(`There is no directory ${cwd} on this machine.`)
    const beginning = await beginningOf(wish, source, parts)
    return planOf(wish, { ...source, projectPath: cwd }, beginning, parts.reader)
  } catch (error) {
    if (error instanceof ForkError) return errorFrame('fork_failed', sourceId, error.message)
    return errorFrame('fork_failed', sourceId)
  }
}

function planOf(wish: Fork, source: StoredSession, { before, point }: Beginning, reader: Database): ForkPlan {
  const { source_session_id: sessionId, model = source.model, permission_mode: mode = source.permissionMode } = wish
  const prompts = readPrompts(reader, sessionId).filter(({ sequence }) => sequence < before)
  const lists = { allowedTools: wish.allowed_tools, disallowedTools: wish.disallowed_tools }
  const areGiven = lists.allowedTools.length + lists.disallowedTools.length > 0
  const described = { quiet: false, cwd: source.projectPath, integrationMode: 'direct', forkedFrom: sessionId } as const
  return {
    type: 'plan',
    events: [
      { type: 'session_described', ...described, ...(model === null ? {} : { model }) },
      {
        type: 'history_copied',
        sessionId,
        before,
        firstPrompt: prompts[0]?.content ?? null,
        lastMessage: lastSaidBefore(reader, sessionId, before),
        prompts: prompts.length,
      },
      ...(mode === null ? [] : [{ type: 'permission_mode_reported', mode } as const]),
    ],
    point,
    tools: areGiven ? lists : readToolLists(reader, sessionId),
  }
}

async function beginningOf(wish: Fork, source: StoredSession, { reader, options }: ForkPlanParts): Promise<Beginning> {
  const { source_session_id: id, nth_user_message: nth } = wish
  const prompts = readPrompts(reader, id)
  if (nth === 0 || (nth === undefined && prompts.length === 0)) return NOTHING
  if (hasHistoryGap(reader, id))
    throw new ForkError('The beginning of this conversation is still being read. Try again in a moment.')
  const cut = nth === undefined ? undefined : prompts[nth]
  if (nth !== undefined && !cut)
    throw new ForkError(`This conversation has ${countOf(prompts)}: none has the number ${nth}, counted from 0.`)
  const isAtWork = source.status === 'active' && ['working', 'permission', 'question'].includes(source.workStatus)
  const last = prompts.at(-1)
  const session = { ...source, id }
  const prompt = nativeId(id, isAtWork ? last : readLastSent(reader, id))
  const shown = { prompt, isAtWork, isCompacted: endsWith(reader, id, COMPACTED) }
  const whereabouts = await settledWhereabouts(shown, session, readResumePoint(reader, id), options)
  if (!whereabouts) throw new ForkError('Claude has kept no transcript of this conversation, so it cannot go on twice.')
  const { chain, at } = whereabouts
  if (cut) return beforePrompt(whereabouts, nativeId(id, cut), cut.sequence)
  // What a turn comes to that is not over, nobody knows: it is left out.
  const open = isAtWork && chain.isInTurn ? chain.promptsTo(at).at(-1) : undefined
  if (open !== undefined) return beforePrompt(whereabouts, open, readPlace(reader, `${id}:${open}`)?.sequence)
  const isUnwritten = isAtWork && last !== undefined && !chain.has(nativeId(id, last))
  return behind(whereabouts, at, isUnwritten ? last.sequence : placeBehind(reader, id))
}

function beforePrompt(whereabouts: Whereabouts, prompt: string, place: number | undefined): Beginning {
  if (place === undefined || !whereabouts.chain.has(prompt))
    throw new ForkError('This prompt is not in the transcript that Claude has kept of the conversation.')
  return behind(whereabouts, whereabouts.chain.messageBefore(prompt), place)
}

function behind({ chain, path }: Whereabouts, entry: string | null, before: number): Beginning {
  if (entry === null) return NOTHING
  if (!chain.isInMind(entry))
    throw new ForkError('Claude has summarised this part of the conversation since: it can only be forked behind that.')
  return { before, point: { kind: 'copy', path, entry } }
}

function countOf({ length }: readonly unknown[]): string {
  return length === 1 ? '1 prompt' : `${length} prompts`
}

function nativeId(sessionId: string, prompt: StoredPrompt | undefined): string {
  return prompt?.id.slice(sessionId.length + 1) ?? ''
}

function isDirectory(path: string): boolean {
  return path.startsWith('/') && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)
}
