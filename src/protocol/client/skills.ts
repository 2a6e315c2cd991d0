/** Skills of a Codex session. */
import { z } from 'zod'
import { request } from '../define.ts'

export const skillMessages = [
  request('list_skills', 'Asks for the skills of a session.', {
    session_id: z.string(),
    cwds: z.array(z.string()).default([]),
    force_reload: z.boolean().default(false),
  }),
  request('list_remote_skills', 'Asks for the skills that can be downloaded.', { session_id: z.string() }),
  request('download_remote_skill', 'Downloads a skill.', { session_id: z.string(), hazelnut_id: z.string() }),
] as const
