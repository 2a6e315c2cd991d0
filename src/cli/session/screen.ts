/** A whole terminal that is redrawn: alternate screen, keys, changes of size. */

/** Another screen, no cursor, and no line that runs over into the next. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
/** Everything between is shown at once, where the terminal knows how (mode 2026). */
const BEGIN_UPDATE = '\u001b[?2026h\u001b[H'
const END_UPDATE = '\u001b[J\u001b[?2026l'

export interface ScreenOptions {
  /** Called with what a key sends. */
  readonly onKey: (key: string) => void
  /** Called when the size has changed. */
  readonly onResize: () => void
}

export class Screen {
  readonly #options: ScreenOptions
  readonly #restore = () => this.close()
  readonly #read = (data: Buffer) => this.#options.onKey(data.toString())
  #open = true

  constructor(options: ScreenOptions) {
    this.#options = options
    process.stdout.write(ENTER)
    process.stdout.on('resize', options.onResize)
    // Whatever ends the process, the terminal is left as it was.
    process.once('exit', this.#restore)
    if (process.stdin.isTTY) {
      process.stdin.setRawMode(true)
      process.stdin.on('data', this.#read)
    }
  }

  get columns(): number {
    return process.stdout.columns || 80
  }

  get rows(): number {
    return process.stdout.rows || 24
  }

  /** Shows these lines, and nothing else; they have to fit. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return
    process.stdout.write(BEGIN_UPDATE + lines.map((line) => `${line}\u001b[K`).join('\r\n') + END_UPDATE)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    process.stdout.off('resize', this.#options.onResize)
    process.off('exit', this.#restore)
    if (process.stdin.isTTY) {
      process.stdin.off('data', this.#read)
      process.stdin.setRawMode(false)
      process.stdin.pause()
    }
    process.stdout.write(LEAVE)
  }
}
