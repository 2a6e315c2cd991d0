/** What a client asks of the machine itself: subagent transcripts, the shell, directories. */
import { z } from 'zod'
import { optional, request } from '../define.ts'
import { u64 } from '../model/scalars.ts'

export const machineMessages = [
  request('get_subagent_tools', 'Asks for the tool calls of a subagent.', {
    session_id: z.string(),
    subagent_id: z.string(),
  }),
  request('execute_shell', 'Runs a shell command in the directory of a session.', {
    session_id: z.string(),
    command: z.string(),
    cwd: optional(z.string()).describe('In place of the directory of the session.'),
    timeout_secs: u64.default(30),
  }),
  request('browse_directory', 'Asks for the entries of a directory.', {
    path: optional(z.string()).describe('Left out or empty: the home directory. A leading ~ is expanded.'),
  }),
  request('list_recent_projects', 'Asks for the directories that sessions have worked in.', {}),
] as const
