/** The key that names sessions; it is written down for its owner alone, and told to nobody. */
import { rmSync } from 'node:fs'
import { replaceFile } from '../../lib/replace-file.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import { acknowledge } from '../commands.ts'
import type { Connection } from '../connection.ts'

const FOR_ITS_OWNER = 0o600

type SetOpenAiKey = Extract<GatewayMessage, { type: 'set_open_ai_key' }>

/** Keeps the key in `file`; a blank one removes it. Only what goes wrong is answered, as by the original. */
export function setOpenAiKey(file: string, connection: Connection, { key, command_id: commandId }: SetOpenAiKey): void {
  const secret = key.trim()
  try {
    if (secret === '') rmSync(file, { force: true })
    else replaceFile(file, `${secret}\n`, FOR_ITS_OWNER)
    acknowledge(connection, commandId, null, undefined)
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string }
    const failure = errorFrame('storage_failed', null, `The key could not be written to ${file} (${code}).`)
    connection.reply(failure)
    acknowledge(connection, commandId, null, failure)
  }
}
