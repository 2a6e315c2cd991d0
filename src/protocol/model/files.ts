/** Directories of the server machine and the projects in them. */
import { z } from 'zod'
import { type Immutable, optional } from '../define.ts'
import { Timestamp, u32 } from './scalars.ts'

export const DirectoryEntry = z
  .object({ name: z.string(), is_dir: z.boolean(), is_git: z.boolean() })
  .meta({ id: 'DirectoryEntry', description: 'An entry of a directory.' })
export type DirectoryEntry = Immutable<z.infer<typeof DirectoryEntry>>

export const RecentProject = z
  .object({ path: z.string(), session_count: u32, last_active: optional(Timestamp) })
  .meta({ id: 'RecentProject', description: 'A directory that sessions have worked in.' })
export type RecentProject = Immutable<z.infer<typeof RecentProject>>
