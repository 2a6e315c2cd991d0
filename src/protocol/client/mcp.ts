/** MCP servers of a session that the server drives. */
import { z } from 'zod'
import { request } from '../define.ts'

export const mcpMessages = [
  request('list_mcp_tools', 'Asks for the tools and resources of the MCP servers.', { session_id: z.string() }),
  request('refresh_mcp_servers', 'Starts the MCP servers again.', { session_id: z.string() }),
] as const
