/** `install-hooks`: makes Claude Code report to us. */
import { type ArgsDef, defineCommand } from 'citty'
import { runInstallCommand } from './install-command.ts'
import { dataDirOption } from './options.ts'

const options = {
  'settings-path': {
    type: 'string',
    valueHint: 'FILE',
    description: 'Settings of Claude Code; ~/.claude/settings.json by default',
  },
  uninstall: { type: 'boolean', description: 'Take our hooks out again' },
  ...dataDirOption,
} as const satisfies ArgsDef

export const installHooksCommand = defineCommand({
  meta: { name: 'install-hooks', description: 'Add our hooks to the settings of Claude Code, keeping all others' },
  args: options,
  run: ({ args }) =>
    runInstallCommand(args['data-dir'], async (context) => {
      const { installHooks, uninstallHooks } = await import('../install/install-hooks.ts')
      const change = args.uninstall ? uninstallHooks : installHooks
      return change({ ...context, settingsPath: args['settings-path'] || undefined })
    }),
})
