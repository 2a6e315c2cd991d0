import { afterEach, describe, expect, test } from 'bun:test'
import { HostSlot, type HostThread, type SlotParts } from '../../src/actors/host-slot.ts'
import { readLetters, type ToHost, type ToHostOp, type ToMain } from '../../src/actors/letters.ts'
import type { Cells, Port } from '../../src/lib/port.ts'

/** A host that a test plays by hand. */
class PlayedThread implements HostThread {
  readonly received: ToHost[] = []
  closed = false
  #toMain: (cells: Cells) => void = () => {}
  #death: (reason: string) => void = () => {}
  readonly #on: (letter: ToHost, thread: PlayedThread) => void

  constructor(on: (letter: ToHost, thread: PlayedThread) => void) {
    this.#on = on
  }

  readonly port: Port = {
    post: (cells) =>
      readLetters<ToHostOp>(cells, (letter) => {
        if (this.closed) return
        this.received.push(letter)
        this.#on(letter, this)
      }),
    onMessage: (listener) => {
      this.#toMain = listener
    },
    close: () => {
      this.closed = true
    },
  }

  onDeath(listener: (reason: string) => void): void {
    this.#death = listener
  }

  say(...letters: [op: string, sessionId: string, number: number, text: string][]): void {
    this.#toMain(letters.flat())
  }

  die(): void {
    this.closed = true
    this.#death('killed by the test')
  }
}

interface Played {
  readonly slot: HostSlot
  readonly threads: PlayedThread[]
  readonly shared: ToMain[]
  readonly rows: string[]
  readonly dropped: string[]
  readonly hopeless: string[]
  /** Commits what was handed to the store. */
  commit(): void
}

const slots: HostSlot[] = []
afterEach(async () => {
  await Promise.all(slots.splice(0).map((slot) => slot.close()))
})

function play(on: (letter: ToHost, thread: PlayedThread) => void, autoCommit = true, silenceMs = 60_000): Played {
  const played = {
    threads: [] as PlayedThread[],
    shared: [] as ToMain[],
    rows: [] as string[],
    dropped: [] as string[],
    hopeless: [] as string[],
  }
  const waiting: (() => void)[] = []
  const parts: SlotParts = {
    options: '{}',
    silenceMs,
    startThread() {
      const thread = new PlayedThread((letter, self) => {
        if (letter.op === 'close') self.say(['closed', '', 0, ''])
        else on(letter, self)
      })
      played.threads.push(thread)
      return thread
    },
    letter: (letter) => played.shared.push(letter),
    store(rows, then) {
      played.rows.push(...rows)
      if (autoCommit) then()
      else waiting.push(then)
    },
    reroute() {},
    died() {},
    hopeless: (reason) => played.hopeless.push(reason),
    dropped: (_, sessionId) => played.dropped.push(sessionId),
  }
  const slot = new HostSlot(parts)
  slots.push(slot)
  return { slot, ...played, commit: () => waiting.splice(0).forEach((then) => void then()) }
}

/** Settles with how a letter ended. */
function post(slot: HostSlot, sessionId: string): Promise<string> {
  return new Promise((resolve) => {
    slot.post('hook', sessionId, 'body', {
      done: () => resolve('done'),
      refused: (status) => resolve(`refused ${status}`),
    })
  })
}

const answer = ({ op, number, sessionId }: ToHost, thread: PlayedThread) => {
  if (op === 'hook') thread.say(['row', sessionId, 0, `row of ${sessionId}`], ['done', sessionId, number, ''])
}

describe('host slot', () => {
  test('a letter is done after its rows are committed, not before', async () => {
    const { slot, rows, commit } = play(answer, false)
    let settled = ''
    const done = post(slot, 's1').then((how) => {
      settled = how
    })
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(rows).toEqual(['row of s1'])
    expect(settled).toBe('')
    commit()
    await done
    expect(settled).toBe('done')
  })

  test('on a machine that slept no host is taken for hung', async () => {
    const silenceMs = 100
    const { slot, threads } = play(
      (letter, thread) => {
        answer(letter, thread)
        if (letter.op === 'ping') thread.say(['pong', '', 0, ''])
      },
      true,
      silenceMs,
    )
    Bun.sleepSync(3 * silenceMs)
    const pinged = () => threads[0]?.received.some(({ op }) => op === 'ping') ?? false
    while (!pinged()) await new Promise(setImmediate)
    expect(await post(slot, 's1')).toBe('done')
    expect(threads).toHaveLength(1)
  })

  test('what a dead host had not finished is done by its successor, in order and once', async () => {
    const applied: string[] = []
    const { slot, threads } = play((letter, thread) => {
      if (letter.op !== 'hook') return
      if (letter.sessionId === 's2' && threads.length === 1) return thread.die()
      applied.push(letter.sessionId)
      thread.say(['done', letter.sessionId, letter.number, ''])
    })
    const all = ['s1', 's2', 's3'].map((sessionId) => post(slot, sessionId))
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done'])
    expect(applied).toEqual(['s1', 's2', 's3'])
    expect(threads).toHaveLength(2)
  })

  test('the input that kills every host is found, dropped and reported; the others are done', async () => {
    const { slot, dropped, threads } = play((letter, thread) => {
      if (letter.op !== 'hook') return
      if (letter.sessionId === 'poison') return thread.die()
      thread.say(['done', letter.sessionId, letter.number, ''])
    })
    const all = ['s1', 'poison', 's3'].map((sessionId) => post(slot, sessionId))
    expect(await Promise.all(all)).toEqual(['done', 'refused 422', 'done'])
    expect(dropped).toEqual(['poison'])
    expect(threads.length).toBeGreaterThan(2)
    expect(await post(slot, 's4')).toBe('done')
  })

  test('a host is told that it may look for itself, and so is its successor', async () => {
    const { slot, threads } = play(answer)
    slot.watch()
    await post(slot, 's1')
    threads[0]?.die()
    await post(slot, 's2')
    expect(threads.map(({ received }) => received.map(({ op }) => op))).toEqual([
      ['open', 'watch', 'hook'],
      ['open', 'watch', 'hook'],
    ])
  })

  test('a successor starts only when everything its predecessor did can be read back', async () => {
    const { slot, threads, commit } = play((letter, thread) => {
      if (letter.op === 'hook' && threads.length === 1) thread.die()
      else answer(letter, thread)
    }, false)
    const done = post(slot, 's1')
    await new Promise(setImmediate)
    expect(threads).toHaveLength(1)
    commit()
    expect(threads).toHaveLength(2)
    await new Promise(setImmediate)
    commit()
    expect(await done).toBe('done')
  })

  test('hosts that die without a word are not started for ever', async () => {
    const { threads, hopeless } = play(({ op }, thread) => {
      if (op === 'open') thread.die()
    })
    while (hopeless.length === 0) await new Promise(setImmediate)
    expect(hopeless).toEqual(['killed by the test'])
    expect(threads.length).toBeLessThan(20)
  })

  test('letters for clients keep their order among those for tickets', async () => {
    const order: string[] = []
    const { slot, shared } = play((letter, thread) => {
      if (letter.op === 'follow')
        thread.say(
          ['frame', 's1', 5, 'before'],
          ['begin', 's1', letter.number, ''],
          ['frame', 's1', 6, 'after'],
          ['snapshot', 's1', letter.number, 'snapshot'],
          ['done', 's1', letter.number, ''],
        )
    })
    await new Promise<void>((resolve) => {
      slot.post('follow', 's1', '', {
        done: resolve,
        refused() {},
        begin: () => order.push(`begin after ${shared.length}`),
        snapshot: (frame) => order.push(`${frame} after ${shared.length}`),
      })
    })
    expect(order).toEqual(['begin after 1', 'snapshot after 2'])
  })

  test('who asked for something long hears of it after the letter is done, until it is over or the host is dead', async () => {
    const heard: string[] = []
    const { slot, threads } = play((letter, thread) => {
      if (letter.op !== 'say') return
      thread.say(['attend', 's1', letter.number, ''], ['done', 's1', letter.number, ''])
    })
    const say = () =>
      new Promise<void>((resolve) => {
        slot.post('say', 's1', '', { done: resolve, refused() {}, echo: (frame) => heard.push(frame) })
      })
    await say()
    threads[0]?.say(['echo', 's1', 1, 'more'], ['over', 's1', 1, ''], ['echo', 's1', 1, 'too late'])
    await say()
    threads[0]?.say(['echo', 's1', 2, 'and more'])
    threads[0]?.die()
    threads[1]?.say(['echo', 's1', 2, 'of another host'])
    expect(heard).toEqual(['more', 'and more'])
  })
})
