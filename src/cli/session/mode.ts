/** `session mode`: how much a Claude may do without asking. */
import { type ArgsDef, defineCommand } from 'citty'
import { UsageError } from '../cli-error.ts'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { clean, jsonLine } from '../terminal-text.ts'
import { PERMISSION_MODE_NAMES, permissionModeOf } from './agent-options.ts'
import { runWithClient } from './client-command.ts'
import { deliver } from './deliver.ts'
import { findSessionId } from './find-session.ts'
import { sessionArgument } from './session-argument.ts'

const options = {
  ...sessionArgument,
  mode: { type: 'positional', required: true, description: `The new mode: ${PERMISSION_MODE_NAMES.join(', ')}` },
  ...clientOptions,
} as const satisfies ArgsDef

export const mode = defineCommand({
  meta: { name: 'mode', description: 'Change how much a Claude may do without asking' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const permission_mode = permissionModeOf(args.mode)
      if (permission_mode === undefined) {
        const known = PERMISSION_MODE_NAMES.join(', ')
        throw new UsageError(`"${clean(args.mode)}" is no permission mode: ${known}.`, 'orbitdock-server session mode')
      }
      const sessionId = await findSessionId(client, args.id)
      await deliver(client, { type: 'update_session_config', session_id: sessionId, permission_mode })
      print(json ? jsonLine({ session_id: sessionId, permission_mode }) : `Permission mode: ${args.mode}`)
      return undefined
    }),
})
