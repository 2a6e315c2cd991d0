/** `generate-token`: makes the token that other machines present. */
import { defineCommand } from 'citty'
import { runInstallCommand } from './install-command.ts'
import { dataDirOption } from './options.ts'

export const generateTokenCommand = defineCommand({
  meta: { name: 'generate-token', description: 'Make a new token, in the place of any earlier one' },
  args: dataDirOption,
  run: ({ args }) =>
    runInstallCommand(args['data-dir'], async ({ paths }) => {
      const { generateToken } = await import('../install/token.ts')
      return generateToken({ paths })
    }),
})
