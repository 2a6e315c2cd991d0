/** What the machine answered: subagent transcripts, the shell, directories. */
import { z } from 'zod'
import { frame, nullable } from '../define.ts'
import { DirectoryEntry, RecentProject } from '../model/files.ts'
import { Message } from '../model/message.ts'
import { i32, u64 } from '../model/scalars.ts'
import { SubagentTool } from '../model/subagent.ts'

export const machineFrames = [
  frame('subagent_tools_list', 'The tool calls of a subagent.', {
    session_id: z.string(),
    subagent_id: z.string(),
    tools: z.array(SubagentTool),
  }),
  frame('subagent_messages', 'The conversation of a subagent, oldest row first.', {
    session_id: z.string(),
    subagent_id: z.string(),
    messages: z.array(Message),
    has_more_before: z.boolean().describe('Whether there are older rows than the first one.'),
  }),
  frame('shell_started', 'A shell command began.', {
    session_id: z.string(),
    request_id: z.string().describe('Also the id of its conversation row.'),
    command: z.string(),
  }),
  frame('shell_output', 'A shell command is over.', {
    session_id: z.string(),
    request_id: z.string(),
    stdout: z.string().describe('Where it is long, its end; then the first line says so. The same goes for `stderr`.'),
    stderr: z.string(),
    exit_code: nullable(i32).describe('Null when it could not start or ran out of time.'),
    duration_ms: u64,
  }),
  frame('directory_listing', 'The entries of a directory.', { path: z.string(), entries: z.array(DirectoryEntry) }),
  frame('recent_projects_list', 'The directories that sessions have worked in.', {
    projects: z.array(RecentProject),
  }),
] as const
