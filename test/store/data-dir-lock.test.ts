import { afterEach, describe, expect, test } from 'bun:test'
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DataPaths, dataPaths } from '../../src/lib/data-paths.ts'
import { DataDirLockedError, lockDataDir } from '../../src/store/data-dir-lock.ts'
import { readPidFile, removePidFile, writePidFile } from '../../src/store/pid-file.ts'
import { afterwards, cleanUp, temporaryDirectory } from './fixtures.ts'

afterEach(cleanUp)

const newPaths = () => dataPaths(join(temporaryDirectory(), 'data'))

describe('a data directory', () => {
  test('is taken by one server at a time', () => {
    const paths = newPaths()
    const lock = lockDataDir(paths)
    writePidFile(paths.pidFile, '127.0.0.1:4000')
    expect(refusal(paths)?.message).toBe(
      `Another orbitdock-server (process ${process.pid}, at 127.0.0.1:4000) is using ${paths.root}. ` +
        `Stop it (kill ${process.pid}), or start this one with a --data-dir of its own.`,
    )
    lock.release()
    expect(refusal(paths)).toBeUndefined()
  })

  test('is free again when its server was killed, although its pid file names a living process', async () => {
    const paths = newPaths()
    const server = Bun.spawn([process.execPath, join(import.meta.dir, 'hold-lock.ts'), paths.root], { stdout: 'pipe' })
    afterwards(() => server.kill('SIGKILL'))
    await firstLine(server.stdout)
    expect(refusal(paths)).toBeInstanceOf(DataDirLockedError)
    server.kill('SIGKILL')
    await server.exited
    writeFileSync(paths.pidFile, `${process.ppid}\n127.0.0.1:4000\n`)
    expect(refusal(paths)).toBeUndefined()
  })

  test('is refused while the original runs on it', async () => {
    const paths = newPaths()
    lockDataDir(paths).release()
    const pid = await imitateOriginal()
    writeFileSync(paths.pidFile, String(pid))
    expect(refusal(paths)).toMatchObject({ pid, message: expect.stringContaining(`kill ${pid}`) })
  })

  test('is not refused for a pid that the original left behind and another program has now', () => {
    const paths = newPaths()
    lockDataDir(paths).release()
    writeFileSync(paths.pidFile, String(process.ppid))
    expect(refusal(paths)).toBeUndefined()
  })

  test('is for its owner only, lock included', () => {
    const paths = newPaths()
    lockDataDir(paths).release()
    expect((statSync(paths.root).mode & 0o777).toString(8)).toBe('700')
    expect((statSync(join(paths.root, 'orbitdock.lock')).mode & 0o777).toString(8)).toBe('600')
  })
})

describe('the pid file', () => {
  test('has the process id in its first line, where the original has it, and the address in its second', () => {
    const path = join(temporaryDirectory(), 'orbitdock.pid')
    writePidFile(path, '[::1]:4000')
    expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n[::1]:4000\n`)
    expect(readPidFile(path)).toEqual({ pid: process.pid, address: '[::1]:4000' })
  })

  test.each([
    ['4711', { pid: 4711, address: null }],
    ['', undefined],
    ['gone', undefined],
    ['-1', undefined],
  ])('that says %p is read as %p', (text, meaning) => {
    const path = join(temporaryDirectory(), 'orbitdock.pid')
    writeFileSync(path, text)
    expect(readPidFile(path)).toEqual(meaning)
  })

  test('is removed by the process it names, and by no other', () => {
    const path = join(temporaryDirectory(), 'orbitdock.pid')
    writeFileSync(path, `${process.ppid}\n`)
    removePidFile(path)
    expect(readPidFile(path)).toBeDefined()
    writePidFile(path, '127.0.0.1:4000')
    removePidFile(path)
    expect(readPidFile(path)).toBeUndefined()
  })
})

function refusal(paths: DataPaths): DataDirLockedError | undefined {
  try {
    lockDataDir(paths).release()
    return undefined
  } catch (error) {
    return error as DataDirLockedError
  }
}

/** A process with the original's name; its id. */
async function imitateOriginal(): Promise<number> {
  const program = join(temporaryDirectory(), 'orbitdock-server')
  symlinkSync(process.execPath, program)
  const original = Bun.spawn([program, '-e', 'console.log("up"); setInterval(() => {}, 1_000)'], { stdout: 'pipe' })
  afterwards(() => original.kill('SIGKILL'))
  await firstLine(original.stdout)
  return original.pid
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader()
  await reader.read()
  reader.releaseLock()
}
