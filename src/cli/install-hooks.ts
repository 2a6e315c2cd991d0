/** `install-hooks`: makes Claude Code report to us. */
import { type ArgsDef, defineCommand } from 'citty'
import { valuesOf } from './arguments.ts'
import { runInstallCommand } from './install-command.ts'
import { dataDirOption } from './options.ts'

const options = {
  'settings-path': {
    type: 'string',
    valueHint: 'FILE...',
    description: 'Settings of Claude Code, once or more often; those in ~/.claude by default [env: CLAUDE_CONFIG_DIR]',
  },
  uninstall: { type: 'boolean', description: 'Take our hooks out again' },
  print: {
    type: 'boolean',
    description: 'Change nothing; show what to add, for settings that cannot be changed from here',
  },
  ...dataDirOption,
} as const satisfies ArgsDef

export const installHooksCommand = defineCommand({
  meta: { name: 'install-hooks', description: 'Add our hooks to the settings of Claude Code, keeping all others' },
  args: options,
  run: ({ args, rawArgs }) =>
    runInstallCommand(args['data-dir'], async (context) => {
      const { installHooks, printHooks, uninstallHooks } = await import('../install/install-hooks.ts')
      const named = valuesOf(rawArgs, options, 'settings-path').filter((path) => path !== '')
      const work = args.print ? printHooks : args.uninstall ? uninstallHooks : installHooks
      return work({ ...context, settingsPaths: named.length > 0 ? named : undefined })
    }),
})
