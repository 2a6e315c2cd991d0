/** Reads what a running Claude notes about itself in `sessions/<pid>.json`: undocumented, and so never more than a hint. */
import { countAt, isJsonObject, type JsonObject, parseJson, textAt } from '../lib/json.ts'

/** What the agent does, by its own record. `shell`: it waits for its user, while a command runs in the background. */
export type RegistryStatus = 'busy' | 'idle' | 'shell' | 'waiting'

/** The record of one process, as 2.1.197 and 2.1.329 write it; null is what neither version tells at that moment. */
export interface RegistryRecord {
  readonly pid: number
  /** Where the Claude keeps everything. */
  readonly configDir: string
  /** Follows the process through /clear, /resume and forks. */
  readonly sessionId: string
  readonly cwd: string | null
  /** Made up by the process, or given by a person. */
  readonly name: string | null
  /** When the process began, as its system tells it. */
  readonly processStart: string | null
  /** When the process began, in Unix milliseconds; 0 when it does not say. */
  readonly startedAt: number
  readonly status: RegistryStatus | null
  readonly waitingFor: string | null
  /** When the status was noted, in Unix milliseconds; 0 when it does not say. */
  readonly statusAt: number
  /** The machine and the process table to which the pid belongs; only 2.1.329 tells it. */
  readonly pidDomain: string | null
  /** Who started it: `cli` where a person did. */
  readonly entrypoint: string | null
}

const STATUSES: readonly RegistryStatus[] = ['busy', 'idle', 'shell', 'waiting']
/** Beside the records lie keys of their owners, which are nobody's business. */
const FILE_NAME = /^[1-9]\d{0,9}\.json$/

/** Whether a file of the directory is a record. */
export function isRecordName(name: string): boolean {
  return FILE_NAME.test(name)
}

/** The record in a file; null for one that is half written, or that tells neither process nor session. */
export function parseRecord(text: string, configDir: string): RegistryRecord | null {
  const record = parseJson(text)
  if (!isJsonObject(record)) return null
  const pid = countAt(record, 'pid')
  const sessionId = textAt(record, 'sessionId')
  if (!pid || sessionId === null) return null
  return {
    pid,
    configDir,
    sessionId,
    cwd: textAt(record, 'cwd'),
    name: textAt(record, 'name'),
    processStart: textAt(record, 'procStart'),
    startedAt: countAt(record, 'startedAt') ?? 0,
    status: statusOf(record),
    waitingFor: textAt(record, 'waitingFor'),
    statusAt: countAt(record, 'statusUpdatedAt') ?? 0,
    pidDomain: textAt(record, 'pidDomain'),
    entrypoint: textAt(record, 'entrypoint'),
  }
}

function statusOf({ status }: JsonObject): RegistryStatus | null {
  return STATUSES.find((known) => known === status) ?? null
}
