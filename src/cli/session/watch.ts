/** `session watch`: all sessions live, or the conversation of one. */
import { type ArgsDef, defineCommand } from 'citty'
import { valuesOf } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import { clientOptions } from '../options.ts'
import { runClientCommand } from './client-command.ts'

const options = {
  id: {
    type: 'positional',
    required: false,
    description: 'Id of a session, or its beginning; all sessions without it',
  },
  filter: {
    type: 'string',
    alias: 'f',
    valueHint: 'TYPE...',
    description: 'Only frames whose type contains this; may be repeated',
  },
  timeout: { type: 'string', valueHint: 'SECONDS', description: 'Stop after this time' },
  ...clientOptions,
} as const satisfies ArgsDef

export const watch = defineCommand({
  meta: { name: 'watch', description: 'Follow all sessions, or the conversation of one, as it happens' },
  args: options,
  run: ({ args, rawArgs }) =>
    runClientCommand(args, async (context) => {
      const ending = endOfWatch(secondsOf(args.timeout))
      const filters = valuesOf(rawArgs, options, 'filter')
      const shown = (type: string) => filters.length === 0 || filters.some((part) => type.includes(part))
      if (args.id) {
        const { watchSession } = await import('./watch-session.ts')
        return watchSession({ ...context, typedId: args.id, shown, ending })
      }
      const { watchAll } = await import('./watch-all.ts')
      return watchAll({ ...context, shown, ending })
    }),
})

function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const seconds = Number(text)
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds
  throw new UsageError(`--timeout "${text}" is not a number of seconds above 0.`, 'orbitdock-server session watch')
}

/** What ends a watch: its time, or a signal. */
function endOfWatch(seconds: number | null): AbortController {
  const ending = new AbortController()
  const end = () => ending.abort()
  if (seconds !== null) setTimeout(end, seconds * 1000).unref()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
  return ending
}
