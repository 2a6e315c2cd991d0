/** The board on a whole screen, with keys. */
import { paintFor } from '../paint.ts'
import { supportsColour } from '../terminal.ts'
import { cell, fit } from '../terminal-text.ts'
import type { Board } from './board.ts'
import { type BoardViewOptions, boardHeading, boardLines } from './board-view.ts'
import { Screen } from './screen.ts'
import type { BoardOutput, WatchAllOptions } from './watch-all.ts'

/** Longest that a change waits to be drawn, so that a burst is drawn once. */
const DRAW_DELAY_MS = 50
/** How often ages are brought up to date. */
const CLOCK_MS = 1_000
/** Lines that are not for sessions: heading and footer. */
const FRAME_LINES = 2

const CTRL_C = '\u0003'
const UP: readonly string[] = ['k', '\u001b[A', '\u001bOA']
const DOWN: readonly string[] = ['j', '\u001b[B', '\u001bOB']
const PAGE_UP = '\u001b[5~'
const PAGE_DOWN: readonly string[] = [' ', '\u001b[6~']

export class LiveBoard implements BoardOutput {
  readonly #board: Board
  readonly #options: WatchAllOptions
  readonly #screen: Screen
  readonly #clock: Timer
  #pending: Timer | null = null
  #problem: string | null = null
  #scrolled = 0

  constructor(board: Board, options: WatchAllOptions) {
    this.#board = board
    this.#options = options
    this.#screen = new Screen({ onKey: (key) => this.#key(key), onResize: () => this.#draw() })
    this.#clock = setInterval(() => this.#draw(), CLOCK_MS)
    this.#draw()
  }

  show(): void {
    this.#pending ??= setTimeout(() => this.#draw(), DRAW_DELAY_MS)
  }

  interrupted(problem: string | null): void {
    this.#problem = problem
    this.#draw()
  }

  close(): void {
    clearInterval(this.#clock)
    if (this.#pending) clearTimeout(this.#pending)
    this.#screen.close()
  }

  #key(key: string): void {
    const page = this.#screen.rows - FRAME_LINES
    if (key === 'q' || key === CTRL_C) this.#options.ending.abort()
    else if (UP.includes(key)) this.#scrolled -= 1
    else if (DOWN.includes(key)) this.#scrolled += 1
    else if (key === PAGE_UP) this.#scrolled -= page
    else if (PAGE_DOWN.includes(key)) this.#scrolled += page
    this.#draw()
  }

  #draw(): void {
    if (this.#pending) clearTimeout(this.#pending)
    this.#pending = null
    const { columns, rows } = this.#screen
    const view: BoardViewOptions = {
      columns,
      paint: paintFor(supportsColour()),
      now: Date.now(),
      commandLine: this.#options.commandLine,
    }
    const room = Math.max(rows - FRAME_LINES, 1)
    const lines = boardLines(this.#board, view)
    this.#scrolled = Math.min(Math.max(this.#scrolled, 0), Math.max(lines.length - room, 0))
    const visible = lines.slice(this.#scrolled, this.#scrolled + room)
    const below = lines.length - this.#scrolled - visible.length
    const filler = Array.from({ length: room - visible.length }, () => '')
    this.#screen.draw([this.#heading(view), ...visible, ...filler, this.#footer(view, below)])
  }

  #heading(view: BoardViewOptions): string {
    const title = view.paint('strong', 'OrbitDock')
    const summary = boardHeading(this.#board, view)
    return Bun.stringWidth(`OrbitDock  ${summary}`) <= view.columns ? `${title}  ${summary}` : title
  }

  #footer({ columns, paint }: BoardViewOptions, below: number): string {
    if (this.#problem) return paint('alarm', cell(this.#problem, columns))
    const more = below > 0 ? `   ${below} more below` : ''
    return paint('faint', fit(`q quits   ↑ ↓ scroll${more}`, columns))
  }
}
