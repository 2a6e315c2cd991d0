import { describe, expect, test } from 'bun:test'
import { localProcesses } from '../../src/liveness/local-processes.ts'

const isLinux = process.platform === 'linux'

describe('the processes of this machine', () => {
  test('live from their start to their end', async () => {
    const child = Bun.spawn(['sleep', '60'])
    const start = localProcesses.start(child.pid)
    expect(start).not.toBeNull()
    expect(localProcesses.isRunning(child.pid, start)).toBe(true)
    expect(localProcesses.arguments(child.pid)).toEqual(['sleep', '60'])
    child.kill('SIGKILL')
    await child.exited
    expect(localProcesses.isRunning(child.pid, start)).toBe(false)
    expect(localProcesses.start(child.pid)).toBeNull()
  })

  test.if(isLinux)('are told from others that get their id later', () => {
    expect(localProcesses.isRunning(process.pid, '1')).toBe(false)
    expect(localProcesses.isRunning(process.pid, null)).toBe(true)
  })

  test.if(isLinux)('are dead while nobody has fetched them', async () => {
    // `exec` makes the shell a sleep, which never fetches the child that the shell had; the child holds the pipe.
    const parent = Bun.spawn(['sh', '-c', 'sleep 0.2 & echo $!; exec sleep 60 >/dev/null'], { stdout: 'pipe' })
    const pid = Number(await parent.stdout.text())
    while (localProcesses.start(pid) !== null) await new Promise(setImmediate)
    expect(await Bun.file(`/proc/${pid}/stat`).text()).toContain(') Z ')
    parent.kill('SIGKILL')
    await parent.exited
  })

  test.if(isLinux)('belong to one domain, as 2.1.329 names it', () => {
    const { isOwnDomain } = localProcesses
    expect(isOwnDomain(null)).toBe(true)
    expect(isOwnDomain('linux:0123456789abcdef0123456789abcdef:pid:[1]')).toBe(false)
  })
})
