/** MCP servers of a session. */
import { z } from 'zod'
import { frame } from '../define.ts'
import {
  McpAuthStatus,
  McpResource,
  McpResourceTemplate,
  McpStartupFailure,
  McpStartupStatus,
  McpTool,
} from '../model/mcp.ts'

export const mcpFrames = [
  frame('mcp_tools_list', 'The tools and resources of the MCP servers, by qualified tool name or by server.', {
    session_id: z.string(),
    tools: z.record(z.string(), McpTool),
    resources: z.record(z.string(), z.array(McpResource)),
    resource_templates: z.record(z.string(), z.array(McpResourceTemplate)),
    auth_statuses: z.record(z.string(), McpAuthStatus),
  }),
  frame('mcp_startup_update', 'An MCP server came further.', {
    session_id: z.string(),
    server: z.string(),
    status: McpStartupStatus,
  }),
  frame('mcp_startup_complete', 'No MCP server is still starting.', {
    session_id: z.string(),
    ready: z.array(z.string()),
    failed: z.array(McpStartupFailure),
    cancelled: z.array(z.string()),
  }),
] as const
