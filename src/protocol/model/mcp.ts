/** MCP servers of a session; their own keys are camelCase. */
import { z } from 'zod'
import { type Immutable, optional } from '../define.ts'
import { anyJson, i64 } from './scalars.ts'

export const McpTool = z
  .object({
    name: z.string(),
    title: optional(z.string()),
    description: optional(z.string()),
    inputSchema: anyJson,
    outputSchema: optional(z.unknown()),
    annotations: optional(z.unknown()),
  })
  .meta({ id: 'McpTool', description: 'A tool of an MCP server.' })
export type McpTool = Immutable<z.infer<typeof McpTool>>

export const McpResource = z
  .object({
    name: z.string(),
    uri: z.string(),
    description: optional(z.string()),
    mimeType: optional(z.string()),
    title: optional(z.string()),
    size: optional(i64).describe('Bytes.'),
    annotations: optional(z.unknown()),
  })
  .meta({ id: 'McpResource', description: 'A resource of an MCP server.' })
export type McpResource = Immutable<z.infer<typeof McpResource>>

export const McpResourceTemplate = z
  .object({
    name: z.string(),
    uriTemplate: z.string(),
    title: optional(z.string()),
    description: optional(z.string()),
    mimeType: optional(z.string()),
    annotations: optional(z.unknown()),
  })
  .meta({ id: 'McpResourceTemplate', description: 'A family of resources of an MCP server.' })
export type McpResourceTemplate = Immutable<z.infer<typeof McpResourceTemplate>>

/** OrbitDock.app cannot decode a list with any other word in it. */
export const McpAuthStatus = z
  .enum(['unsupported', 'not_logged_in', 'bearer_token', 'oauth'])
  .meta({ id: 'McpAuthStatus', description: 'How an MCP server is signed in.' })
export type McpAuthStatus = z.infer<typeof McpAuthStatus>

export const McpStartupStatus = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('starting') }),
    z.object({ state: z.literal('ready') }),
    z.object({ state: z.literal('failed'), error: z.string() }),
    z.object({ state: z.literal('cancelled') }),
  ])
  .meta({ id: 'McpStartupStatus', description: 'How far an MCP server has come.' })
export type McpStartupStatus = Immutable<z.infer<typeof McpStartupStatus>>

export const McpStartupFailure = z
  .object({ server: z.string(), error: z.string() })
  .meta({ id: 'McpStartupFailure', description: 'An MCP server that did not start.' })
export type McpStartupFailure = Immutable<z.infer<typeof McpStartupFailure>>
