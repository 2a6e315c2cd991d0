/** How many events wait for the server. */
import { readdir } from 'node:fs/promises'
import type { DataPaths } from '../lib/data-paths.ts'

export interface SpoolCount {
  readonly waiting: number
  /** Set aside by the server or the hook script. */
  readonly refused: number
}

/** Looks into the spool of a data directory; one that is not there is empty. */
export async function countSpool({ spool, spoolFailed }: DataPaths): Promise<SpoolCount> {
  const [waiting, refused] = await Promise.all([countEvents(spool), countEvents(spoolFailed)])
  return { waiting, refused }
}

async function countEvents(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).length
}
