/** The record of approvals. */
import type { Database } from 'bun:sqlite'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import { listApprovals as readApprovals } from '../../store/approvals.ts'
import type { Connection } from '../connection.ts'

type ListApprovals = Extract<GatewayMessage, { type: 'list_approvals' }>

/** Answers after the client's own commands are stored, so that it sees what it has just decided. */
export async function listApprovals(
  reader: () => Database,
  connection: Connection,
  { session_id: sessionId, limit }: ListApprovals,
): Promise<void> {
  await connection.commandsStored()
  try {
    const approvals = readApprovals(reader(), { sessionId: sessionId ?? undefined, limit: limit ?? undefined })
    connection.reply({ type: 'approvals_list', session_id: sessionId ?? null, approvals })
  } catch {
    connection.reply(errorFrame('approval_list_failed', null))
  }
}
