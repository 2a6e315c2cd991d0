/** What a session can use: skills, slash commands, tools. */
import { z } from 'zod'
import { fallback, frame, optional } from '../define.ts'
import { ClaudeModelOption } from '../model/claude.ts'
import { RemoteSkillSummary, SkillErrorInfo, SkillsListEntry } from '../model/skills.ts'

const names = fallback(z.array(z.string()), [])

export const skillFrames = [
  frame('skills_list', 'The skills of a Codex session.', {
    session_id: z.string(),
    skills: z.array(SkillsListEntry),
    errors: fallback(z.array(SkillErrorInfo), []),
  }),
  frame('remote_skills_list', 'The skills that can be downloaded.', {
    session_id: z.string(),
    skills: z.array(RemoteSkillSummary),
  }),
  frame('remote_skill_downloaded', 'A skill was downloaded.', {
    session_id: z.string(),
    id: z.string(),
    name: z.string(),
    path: z.string(),
  }),
  frame('skills_update_available', 'The skills on disk changed.', { session_id: z.string() }),
  frame('claude_capabilities', 'What a Claude session offers.', {
    session_id: z.string(),
    slash_commands: names,
    skills: names,
    tools: names,
    agents: optional(z.array(z.string())).describe('Kinds of subagents.'),
    models: optional(z.array(ClaudeModelOption)),
    permission_modes: optional(z.array(z.string())).describe(
      'What `update_session_config` takes as `permission_mode` while this Claude runs.',
    ),
    account: optional(z.string()).describe('How it is signed in: `api_key`, `subscription`, or the name of a cloud.'),
  }),
] as const
