/** What a subagent did. */
import { z } from 'zod'
import { type Immutable, optional } from '../define.ts'

export const SubagentTool = z
  .object({
    id: z.string(),
    tool_name: z.string(),
    summary: z.string(),
    output: optional(z.string()),
    is_in_progress: z.boolean(),
  })
  .meta({ id: 'SubagentTool', description: 'A tool call of a subagent.' })
export type SubagentTool = Immutable<z.infer<typeof SubagentTool>>
