/** A program in a pseudo-terminal whose screen a test reads and whose keys it presses. */
import { Terminal as Screen } from '@xterm/headless'
import { Changes, within } from './within.ts'

const KEYS = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  backTab: '\x1b[Z',
  up: '\x1b[A',
  down: '\x1b[B',
  ctrlC: '\x03',
  ctrlD: '\x04',
  q: 'q',
} as const

export type Key = keyof typeof KEYS

export interface TerminalOptions {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly columns?: number
  readonly rows?: number
}

/** Milliseconds between the strokes of a key that is held down. */
const KEY_REPEAT_MS = 150
/** Milliseconds that a program may take to leave after SIGTERM. */
const GOODBYE_MS = 2000

export class Terminal {
  readonly #changes = new Changes()
  readonly #screen: Screen
  readonly #process: Bun.Subprocess
  #title: string

  constructor({ command, cwd, env, columns = 120, rows = 40 }: TerminalOptions) {
    this.#title = command.join(' ')
    this.#screen = new Screen({ cols: columns, rows, allowProposedApi: true })
    this.#process = Bun.spawn([...command], {
      cwd,
      env: { ...env, TERM: 'xterm-256color' },
      terminal: {
        cols: columns,
        rows,
        data: (_, bytes) => this.#screen.write(bytes, () => this.#changes.announce()),
      },
    })
    this.#process.exited.then(() => this.#changes.announce())
    // Programs ask the terminal what it is and wait for the answer.
    this.#screen.onData((answer) => this.#write(answer))
  }

  get pid(): number {
    return this.#process.pid
  }

  /** What a person sees now, without trailing blanks. */
  screen(): string {
    const { active } = this.#screen.buffer
    const line = (row: number) => active.getLine(active.viewportY + row)?.translateToString(true) ?? ''
    return Array.from({ length: this.#screen.rows }, (_, row) => line(row))
      .join('\n')
      .trimEnd()
  }

  /** Types text as a person would, and waits until the program shows it. */
  async type(text: string): Promise<void> {
    this.#write(text)
    await this.waitForText(text)
  }

  press(key: Key): void {
    this.#write(KEYS[key])
  }

  /** Types a line and enters it. */
  async submit(text: string): Promise<void> {
    await this.type(text)
    this.press('enter')
  }

  /** Waits until the screen shows `text`; fails after `ms` milliseconds, or when the program leaves. */
  waitForText(text: string | RegExp, ms = 20_000): Promise<void> {
    return this.#waitForScreen(`to show ${text}`, (screen) => matches(screen, text), ms)
  }

  /** Waits until the screen no longer shows `text`. */
  waitForNoText(text: string | RegExp, ms = 20_000): Promise<void> {
    return this.#waitForScreen(`to stop showing ${text}`, (screen) => !matches(screen, text), ms)
  }

  /** Presses a key again and again until `text` is gone: Claude 2.1.329 ignores keys in the first moments of a dialog. */
  async pressUntilGone(key: Key, text: string | RegExp): Promise<void> {
    this.press(key)
    const repeat = setInterval(() => this.press(key), KEY_REPEAT_MS)
    try {
      await this.waitForNoText(text)
    } finally {
      clearInterval(repeat)
    }
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows)
    this.#process.terminal?.resize(columns, rows)
  }

  /** Closes the terminal under the program, as a closed window does. */
  hangUp(): void {
    this.#process.terminal?.close()
  }

  /** The exit code, or the number of the signal + 128; fails after `ms` milliseconds. */
  exited(ms = 10_000): Promise<number> {
    return within(ms, this.#process.exited, () => this.#complain('to leave'))
  }

  /** Ends the program as a closed window does, with everything in its process group. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM')
      await within(GOODBYE_MS, this.#process.exited, () => '').catch(() => this.#killGroup())
      await this.#process.exited
    }
    this.#killGroup()
    this.#process.terminal?.close()
    this.#screen.dispose()
  }

  #write(text: string): void {
    const terminal = this.#process.terminal
    if (terminal && !terminal.closed) terminal.write(text)
  }

  #waitForScreen(wish: string, isRight: (screen: string) => boolean, ms: number): Promise<void> {
    const find = () => {
      if (isRight(this.screen())) return true
      if (this.#process.exitCode !== null)
        throw new Error(`${this.#complain(wish)}\nIt left with ${this.#process.exitCode}.`)
      return undefined
    }
    return this.#changes.until(find, ms, () => this.#complain(wish)).then(() => undefined)
  }

  #complain(wish: string): string {
    return `expected \`${this.#title}\` ${wish}. The screen:\n${this.screen()}\n---`
  }

  #killGroup(): void {
    try {
      process.kill(-this.#process.pid, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  }
}

function matches(screen: string, text: string | RegExp): boolean {
  return typeof text === 'string' ? screen.includes(text) : text.test(screen)
}
