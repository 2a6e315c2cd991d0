/** Rows of the table `capabilities`: what the agents of sessions offer, as they told last. */
import type { Database } from 'bun:sqlite'
import { isJsonObject, type JsonObject, listAt, objectsAt, textAt } from '../lib/json.ts'
import type { ClaudeModelOption } from '../protocol/model/claude.ts'
import type { Capabilities } from '../session/state.ts'
import { json } from './cells.ts'
import { change, rows } from './prepared.ts'

const PUT = `INSERT INTO capabilities (session_id, offered, at) VALUES (?, ?, ?)
  ON CONFLICT (session_id) DO UPDATE SET offered = excluded.offered, at = excluded.at`
const NEWEST = `SELECT offered FROM capabilities
  WHERE json_array_length(offered, '$.models') > 0 ORDER BY at DESC LIMIT 1`

/** Remembers what an agent offers. `at`: Unix milliseconds. */
export function putCapabilities(db: Database, sessionId: string, offered: Capabilities, at: number): void {
  change(db, PUT, sessionId, JSON.stringify(offered), at)
}

/** What the agent of a session offers; null when it has not told. */
export function readCapabilities(db: Database, sessionId: string): Capabilities | null {
  const [cells = []] = rows(db, 'SELECT offered FROM capabilities WHERE session_id = ?', sessionId)
  const offered = json(cells[0])
  return isJsonObject(offered) ? capabilitiesOf(offered) : null
}

/** The models that the agent of a session offers; without one, as any agent told last. */
export function readModels(db: Database, sessionId: string | null): readonly ClaudeModelOption[] {
  if (sessionId !== null) return readCapabilities(db, sessionId)?.models ?? []
  const [cells = []] = rows(db, NEWEST)
  const offered = json(cells[0])
  return isJsonObject(offered) ? modelsOf(offered) : []
}

function capabilitiesOf(offered: JsonObject): Capabilities {
  return {
    slashCommands: strings(offered, 'slashCommands'),
    skills: strings(offered, 'skills'),
    tools: strings(offered, 'tools'),
    agents: strings(offered, 'agents'),
    models: modelsOf(offered),
    permissionModes: strings(offered, 'permissionModes'),
    account: textAt(offered, 'account'),
  }
}

function modelsOf(offered: JsonObject): readonly ClaudeModelOption[] {
  return objectsAt(offered, 'models').map((model) => ({
    value: textAt(model, 'value') ?? '',
    display_name: textAt(model, 'display_name') ?? '',
    description: textAt(model, 'description') ?? '',
    supported_efforts: strings(model, 'supported_efforts'),
  }))
}

function strings(object: JsonObject, key: string): readonly string[] {
  return listAt(object, key).filter((item) => typeof item === 'string')
}
