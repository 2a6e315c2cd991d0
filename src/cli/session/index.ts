/** `session`: the commands that talk to a running server. */
import { defineCommand } from 'citty'

export const session = defineCommand({
  meta: { name: 'session', description: 'Look at sessions, answer them, and drive them' },
  subCommands: {
    list: async () => (await import('./list.ts')).list,
    watch: async () => (await import('./watch.ts')).watch,
    approve: async () => (await import('./approve.ts')).approve,
    answer: async () => (await import('./answer.ts')).answer,
    create: async () => (await import('./create.ts')).create,
    send: async () => (await import('./send.ts')).send,
    steer: async () => (await import('./control.ts')).steer,
    queue: async () => (await import('./queue.ts')).queue,
    mode: async () => (await import('./mode.ts')).mode,
    models: async () => (await import('./facts.ts')).models,
    context: async () => (await import('./facts.ts')).context,
    tasks: async () => (await import('./tasks.ts')).tasks,
    interrupt: async () => (await import('./control.ts')).interrupt,
    compact: async () => (await import('./control.ts')).compact,
    undo: async () => (await import('./control.ts')).undo,
    rollback: async () => (await import('./control.ts')).rollback,
    resume: async () => (await import('./revive.ts')).resume,
    fork: async () => (await import('./revive.ts')).fork,
    rename: async () => (await import('./control.ts')).rename,
    end: async () => (await import('./control.ts')).end,
  },
})
