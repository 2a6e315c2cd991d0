/** Skills: those an agent has, those it could download, and those a prompt names. */
import { z } from 'zod'
import { type Immutable, optional } from '../define.ts'

export const SkillScope = z
  .enum(['user', 'repo', 'system', 'admin'])
  .meta({ id: 'SkillScope', description: 'Where a skill comes from.' })
export type SkillScope = z.infer<typeof SkillScope>

export const SkillMetadata = z
  .object({
    name: z.string(),
    description: z.string(),
    short_description: optional(z.string()),
    path: z.string(),
    scope: SkillScope,
    enabled: z.boolean(),
  })
  .meta({ id: 'SkillMetadata', description: 'A skill.' })
export type SkillMetadata = Immutable<z.infer<typeof SkillMetadata>>

export const SkillErrorInfo = z
  .object({ path: z.string(), message: z.string() })
  .meta({ id: 'SkillErrorInfo', description: 'A skill that could not be loaded.' })
export type SkillErrorInfo = Immutable<z.infer<typeof SkillErrorInfo>>

export const SkillsListEntry = z
  .object({ cwd: z.string(), skills: z.array(SkillMetadata), errors: z.array(SkillErrorInfo) })
  .meta({ id: 'SkillsListEntry', description: 'The skills of one directory.' })
export type SkillsListEntry = Immutable<z.infer<typeof SkillsListEntry>>

export const RemoteSkillSummary = z
  .object({ id: z.string(), name: z.string(), description: z.string() })
  .meta({ id: 'RemoteSkillSummary', description: 'A skill that can be downloaded.' })
export type RemoteSkillSummary = Immutable<z.infer<typeof RemoteSkillSummary>>

export const SkillInput = z
  .object({ name: z.string(), path: z.string() })
  .meta({ id: 'SkillInput', description: 'A skill that a prompt asks for.' })
export type SkillInput = Immutable<z.infer<typeof SkillInput>>

export const MentionInput = z
  .object({ name: z.string(), path: z.string() })
  .meta({ id: 'MentionInput', description: 'A file or resource that a prompt mentions.' })
export type MentionInput = Immutable<z.infer<typeof MentionInput>>
