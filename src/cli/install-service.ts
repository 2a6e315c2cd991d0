/** `install-service`: makes the server start by itself. */
import { type ArgsDef, defineCommand } from 'citty'
import { runInstallCommand } from './install-command.ts'
import { dataDirOption } from './options.ts'

const options = {
  bind: {
    type: 'string',
    valueHint: 'IP:PORT',
    description: 'Where the service listens; 127.0.0.1:4000 by default',
  },
  enable: { type: 'boolean', description: 'Start it now, and from now on by itself' },
  system: { type: 'boolean', description: 'A systemd unit of the whole system, for a machine nobody logs in to' },
  uninstall: { type: 'boolean', description: 'Stop the service and remove it' },
  ...dataDirOption,
} as const satisfies ArgsDef

export const installServiceCommand = defineCommand({
  meta: { name: 'install-service', description: 'Have the server started by systemd or launchd' },
  args: options,
  run: ({ args }) =>
    runInstallCommand(
      args['data-dir'],
      async (context) => {
        const { installService, uninstallService } = await import('../install/service.ts')
        const service = { ...context, system: args.system }
        return args.uninstall
          ? uninstallService(service)
          : installService({ ...service, bind: args.bind || undefined, enable: args.enable })
      },
      { asRoot: args.system },
    ),
})
