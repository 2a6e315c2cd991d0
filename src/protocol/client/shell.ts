/** Commands that a person runs beside an agent. */
import { z } from 'zod'
import { optional, request } from '../define.ts'
import { u64 } from '../model/scalars.ts'

const about =
  'Runs a command with `sh -c` in the directory of a session; it is ended with all that it started when its time is over.'

export const shellMessages = [
  request('execute_shell', about, {
    session_id: z.string(),
    command: z.string(),
    cwd: optional(z.string()).describe('In place of the directory of the session, or relative to it.'),
    timeout_secs: u64.default(30),
  }),
] as const
