/** Names, places and settings that the agent reports. */

import type { ServerMessage } from '../../protocol/server/index.ts'
import { change, keep, stay, tell, withNewest } from '../change.ts'
import type { SeenRepository } from '../events.ts'
import { STARTUP_FRAMES_MAX } from '../limits.ts'
import { nameOf } from '../naming.ts'
import type { EventRules } from '../rules.ts'
import type { Capabilities, SessionState } from '../state.ts'
import { capabilitiesFrame } from '../view.ts'

export const environmentEvents = {
  thread_named: (state, { name }) => change(state, { customName: nameOf(name) ?? state.customName }),
  summary_found: (state, { summary }) => change(state, { summary: nameOf(summary) ?? state.summary }),
  environment_reported: (state, { cwd, gitBranch, gitSha }) =>
    change(state, {
      currentCwd: cwd ?? state.currentCwd,
      gitBranch: gitBranch ?? state.gitBranch,
      gitSha: gitSha ?? state.gitSha,
    }),
  repository_seen: (state, { repository }) => change(state, repository ? placeIn(state, repository) : NO_REPOSITORY),
  model_reported: (state, { model }) => change(state, { model }),
  permission_mode_reported: (state, { mode }) => change(state, { permissionMode: mode }),
  /** Claude tells with every turn what it offers. */
  capabilities_reported(state, { capabilities: told }, now) {
    const capabilities = { ...(state.capabilities ?? NO_CAPABILITIES), ...told }
    if (JSON.stringify(capabilities) === JSON.stringify(state.capabilities)) return stay(state)
    return change(
      state,
      { capabilities },
      keep({ table: 'capabilities', put: capabilities, at: now }),
      tell(capabilitiesFrame(state.id, capabilities)),
    )
  },
  frame_reported: (state, { frame }) => change(state, { startupFrames: remembered(state, frame) }, tell(frame)),
} satisfies Partial<EventRules>

const NO_CAPABILITIES: Capabilities = {
  slashCommands: [],
  skills: [],
  tools: [],
  agents: [],
  models: [],
  permissionModes: [],
  account: null,
}

const NO_REPOSITORY = { gitBranch: null, gitSha: null, repositoryRoot: null, worktreePath: null, gitDirty: null }

/** What is known of the files of a worktree says nothing about those of another one. */
function placeIn(state: SessionState, { repositoryRoot, worktreePath, ...seen }: SeenRepository) {
  const stayed = state.repositoryRoot === repositoryRoot && state.worktreePath === worktreePath
  const { branch, sha, dirty = stayed ? state.gitDirty : null } = seen
  return { gitBranch: branch, gitSha: sha, repositoryRoot, worktreePath, gitDirty: dirty }
}

/** How far each MCP server has come is told to those who come later, too. */
function remembered({ startupFrames }: SessionState, frame: ServerMessage): readonly ServerMessage[] {
  if (frame.type !== 'mcp_startup_update' && frame.type !== 'mcp_startup_complete') return startupFrames
  return withNewest(
    startupFrames.filter((known) => subject(known) !== subject(frame)),
    frame,
    STARTUP_FRAMES_MAX,
  )
}

function subject(frame: ServerMessage): string {
  return frame.type === 'mcp_startup_update' ? `server ${frame.server}` : frame.type
}
