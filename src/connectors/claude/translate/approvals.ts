/** What the CLI asks a person, and what it is told. */

import { approvalSubject } from '../../../hooks/translate/approvals.ts'
import { type JsonObject, jsonText, listAt, objectAt, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import type { TranslationContext } from './context.ts'

/** A request for permission to use a tool. */
export function permissionEvents(
  id: string,
  request: JsonObject,
  context: TranslationContext,
): readonly SessionEvent[] {
  const toolName = textAt(request, 'tool_name') ?? textAt(request, 'toolName') ?? 'unknown'
  const toolUseId = textAt(request, 'tool_use_id') ?? textAt(request, 'toolUseId')
  const suggestions = listAt(request, 'permission_suggestions')
  const agentId = textAt(request, 'agent_id') ?? context.calls.get(toolUseId ?? '')?.agentId ?? null
  return [
    {
      type: 'approval_requested',
      requestId: id,
      toolUseId,
      toolName,
      toolInput: jsonText(request.input),
      ...approvalSubject(toolName, objectAt(request, 'input')),
      proposedAmendment: null,
      suggestions: suggestions.length > 0 ? jsonText(suggestions) : null,
      agentId,
      eventId: null,
      answerable: true,
    },
  ]
}

/** A question that an MCP server puts. */
export function elicitationEvents(id: string, request: JsonObject): readonly SessionEvent[] {
  const server = textAt(request, 'mcp_server_name') ?? 'MCP'
  return [
    {
      type: 'approval_requested',
      requestId: id,
      toolName: `${server} (MCP)`,
      toolInput: jsonText(objectAt(request, 'requested_schema')),
      kind: 'question',
      command: null,
      filePath: null,
      diff: null,
      question: textAt(request, 'message') ?? `${server} wants to know something.`,
      plan: null,
      proposedAmendment: null,
      suggestions: null,
      agentId: null,
      eventId: null,
      answerable: true,
    },
  ]
}
