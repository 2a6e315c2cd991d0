/** The MCP servers of a Claude, from its answer to `mcp_status`. What they are started with stays here: secrets are in it. */
import { isJsonObject, type JsonObject, objectsAt, textAt } from '../../lib/json.ts'
import type { McpAuthStatus, McpStartupStatus, McpTool } from '../../protocol/model/mcp.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'

export interface McpServer {
  readonly name: string
  readonly status: McpStartupStatus
  readonly auth: McpAuthStatus
  readonly tools: readonly McpTool[]
}

type ToolsList = Extract<ServerMessage, { type: 'mcp_tools_list' }>

/** The servers in an answer to `mcp_status`. */
export function mcpServersIn(response: JsonObject): readonly McpServer[] {
  return objectsAt(response, 'mcpServers').flatMap((server) => {
    const name = textAt(server, 'name')
    if (name === null) return []
    const auth: McpAuthStatus = server.status === 'needs-auth' ? 'not_logged_in' : 'unsupported'
    return [{ name, status: statusOf(server), auth, tools: objectsAt(server, 'tools').flatMap(toolOf) }]
  })
}

/** Claude lists no resources. */
export function mcpToolsList(sessionId: string, servers: readonly McpServer[]): ToolsList {
  const tools = servers.flatMap(({ name, tools: known }) =>
    known.map((tool) => [`mcp__${wordOf(name)}__${wordOf(tool.name)}`, tool] as const),
  )
  return {
    type: 'mcp_tools_list',
    session_id: sessionId,
    tools: Object.fromEntries(tools),
    resources: {},
    resource_templates: {},
    auth_statuses: Object.fromEntries(servers.map(({ name, auth }) => [name, auth])),
  }
}

function statusOf(server: JsonObject): McpStartupStatus {
  switch (server.status) {
    case 'connected':
      return { state: 'ready' }
    case 'failed':
      return { state: 'failed', error: textAt(server, 'error') ?? 'It could not be started.' }
    case 'needs-auth':
      return { state: 'failed', error: 'It needs a login: run /mcp in a terminal.' }
    case 'disabled':
      return { state: 'cancelled' }
    default:
      return { state: 'starting' }
  }
}

/** 2.1.197 and 2.1.329 tell neither descriptions nor schemas. */
function toolOf(tool: JsonObject): readonly McpTool[] {
  const name = textAt(tool, 'name')
  if (name === null) return []
  const { inputSchema, annotations } = tool
  return [
    {
      name,
      description: textAt(tool, 'description') ?? undefined,
      inputSchema: isJsonObject(inputSchema) ? inputSchema : {},
      ...(isJsonObject(annotations) ? { annotations } : {}),
    },
  ]
}

/** As Claude names tools to the model. */
function wordOf(name: string): string {
  return name.replace(/[^\w-]/g, '_')
}
