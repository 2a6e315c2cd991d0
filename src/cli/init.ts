/** `init`: makes a data directory ready for use. */
import { type ArgsDef, defineCommand } from 'citty'
import { version } from '../lib/version.ts'
import { runInstallCommand } from './install-command.ts'
import { dataDirOption } from './options.ts'

const options = {
  'server-url': {
    type: 'string',
    valueHint: 'URL',
    description: 'Server that hooks post to; the one of the data directory, by its socket, by default',
  },
  ...dataDirOption,
} as const satisfies ArgsDef

export const init = defineCommand({
  meta: { name: 'init', description: 'Make the data directory, its database and the hook script' },
  args: options,
  run: ({ args }) =>
    runInstallCommand(args['data-dir'], async ({ paths }) => {
      const { runInit } = await import('../install/init.ts')
      return runInit({
        paths,
        serverUrl: args['server-url'] || undefined,
        createDatabase: () => create(paths.database),
      })
    }),
})

async function create(path: string): Promise<void> {
  const { openDatabase } = await import('../store/open-database.ts')
  openDatabase(path, { version }).close(true)
}
