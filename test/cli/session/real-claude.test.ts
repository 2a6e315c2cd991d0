/** The product as a person uses it: Claude in one terminal, the sessions in a second, the conversation in a third. */
import { expect } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { claudeTest } from '../../claude/claude-test.ts'
import { cliEnvironment, runCli } from '../../support/cli-run.ts'
import { Terminal } from '../../support/terminal.ts'
import { serverCommand } from '../../support/test-server.ts'

function watch(home: string, ...args: string[]): Terminal {
  const command = [...serverCommand(), 'session', 'watch', ...args]
  return new Terminal({ command, cwd: home, env: cliEnvironment({ home }), columns: 100 })
}

claudeTest('a prompt seen in a second terminal is answered there, across a crash of the server', async (world) => {
  const { home } = world.home
  await world.server.start()
  await using board = watch(home)
  await board.waitForText('No sessions yet')

  const claude = await world.interactive()
  await claude.submit('[s:bash-writes] Go')
  await board.waitForText(/Needs you\n.*permission.*\n +Bash {2}touch made-by-bash\.txt/)
  const id = /session approve (\S+)/.exec(board.screen())?.[1] ?? ''
  await using conversation = watch(home, id)
  await conversation.waitForText(`orbitdock-server session approve ${id}`)

  await world.server.kill9()
  await board.waitForText('Connection lost')
  await world.server.start()
  await conversation.waitForText('Connected again.')
  await board.waitForNoText('Connection lost')
  expect(board.screen()).toContain('Needs you')

  const approved = await runCli(['session', 'approve', id, '--json=false'], { home })
  expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining('Bash  touch made-by-bash.txt') })
  await claude.waitForText('The file is there.')
  await conversation.waitForText('The file is there.')
  await conversation.waitForText('— waiting')
  await board.waitForText(/Your turn\n.*waiting/)
  expect(conversation.screen().match(/The file is there\./g)).toHaveLength(1)
  expect(conversation.screen().match(/● Bash/g)).toHaveLength(1)
  expect(existsSync(join(world.home.project, 'made-by-bash.txt'))).toBe(true)
})
