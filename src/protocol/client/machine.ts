/** What a client asks of the machine itself: subagent transcripts, directories. */
import { z } from 'zod'
import { optional, request } from '../define.ts'

export const machineMessages = [
  request('get_subagent_tools', 'Asks for the tool calls of a subagent.', {
    session_id: z.string(),
    subagent_id: z.string(),
  }),
  request('get_subagent_messages', 'Asks for the conversation of a subagent: its newest rows.', {
    session_id: z.string(),
    subagent_id: z.string(),
  }),
  request('browse_directory', 'Asks for the entries of a directory.', {
    path: optional(z.string()).describe('Left out or empty: the home directory. A leading ~ is expanded.'),
  }),
  request('list_recent_projects', 'Asks for the directories that sessions have worked in.', {}),
] as const
