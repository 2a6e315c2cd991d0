/** `session`: the commands that talk to a running server. */
import { defineCommand } from 'citty'

export const session = defineCommand({
  meta: { name: 'session', description: 'Look at sessions and answer them' },
  subCommands: {
    list: async () => (await import('./list.ts')).list,
    watch: async () => (await import('./watch.ts')).watch,
    approve: async () => (await import('./approve.ts')).approve,
    answer: async () => (await import('./answer.ts')).answer,
  },
})
