/** How a Claude in a terminal ends: each way at once, and with its reason. */
import { expect } from 'bun:test'
import type { Terminal } from '../support/terminal.ts'
import { claudeTest } from './claude-test.ts'
import { turnEndedWith } from './conversation.ts'
import { endSoon, nextSession } from './seen-session.ts'

const WAYS: Readonly<Record<string, { readonly reason: string; leave(terminal: Terminal): Promise<void> | void }>> = {
  SIGTERM: { reason: 'other', leave: ({ pid }) => void process.kill(pid, 'SIGTERM') },
  'its terminal': { reason: 'other', leave: (terminal) => terminal.hangUp() },
  'Ctrl-C, twice': {
    reason: 'prompt_input_exit',
    leave: async (terminal) => {
      // In the moment in which a turn ends the key means something else.
      await terminal.waitForText(/✻ \S+ for \d/)
      terminal.press('ctrlC')
      await terminal.waitForText('Press Ctrl-C again')
      terminal.press('ctrlC')
    },
  },
}

// Whoever ends a process does it to either version.
claudeTest(
  'SIGTERM, a window that is closed, and Ctrl-C',
  async (world) => {
    const client = await world.serve()
    const known: string[] = []
    for (const [way, { reason, leave }] of Object.entries(WAYS)) {
      const terminal = await world.interactive()
      await terminal.submit('[s:plain] Go')
      const session = await nextSession(client, known)
      known.push(session.sessionId)
      await turnEndedWith(client, session.sessionId, 'Hello from the scripted model.')
      await leave(terminal)
      expect([way, await endSoon(session)]).toEqual([way, reason])
    }
    const list = await (await world.server.client()).followList()
    expect(list.map(({ status }) => status)).toEqual(known.map(() => 'ended'))
  },
  ['2.1.329'],
)
