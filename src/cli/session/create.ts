/** `session create`: starts a session that the server drives. */
import { resolve } from 'node:path'
import { type ArgsDef, defineCommand } from 'citty'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { clean, jsonLine } from '../terminal-text.ts'
import { agentOptions, permissionModeOf } from './agent-options.ts'
import { runWithClient } from './client-command.ts'
import { projectOf } from './describe.ts'
import { awaitSession } from './new-session.ts'
import { namesOf } from './session-argument.ts'

const options = {
  provider: { type: 'enum', alias: 'p', options: ['claude', 'codex'], required: true, description: 'Which agent' },
  cwd: { type: 'string', valueHint: 'DIR', description: 'Where it works; the current directory by default' },
  ...agentOptions,
  ...clientOptions,
} as const satisfies ArgsDef

export const create = defineCommand({
  meta: { name: 'create', description: 'Start a session of an agent that the server drives' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json, commandLine }) => {
      const session = await awaitSession(client, {
        type: 'create_session',
        provider: args.provider as 'claude' | 'codex',
        cwd: resolve(args.cwd ?? '.'),
        model: args.model,
        permission_mode: permissionModeOf(args['permission-mode']),
        approval_policy: args['approval-policy'],
        sandbox_mode: args.sandbox,
        allowed_tools: namesOf(args['allowed-tools']),
        disallowed_tools: namesOf(args['disallowed-tools']),
      })
      const { id, provider, project_path, status } = session
      if (json) print(jsonLine({ session_id: id, provider, project_path, status }))
      else {
        print(`Created session: ${clean(id)}`)
        print(
          `${clean(provider)} in ${projectOf(session)}. Say something with: ${commandLine('session', 'send', id)} TEXT`,
        )
      }
      return undefined
    }),
})
