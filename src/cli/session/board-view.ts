/** The board as lines of a terminal of a given width. */
import type { SessionSummary } from '../../protocol/model/session.ts'
import type { Paint, Style } from '../paint.ts'
import { cell, clean, fit } from '../terminal-text.ts'
import type { Board } from './board.ts'
import { ageOf, projectOf, timeOf, titleOf, urgencyOf } from './describe.ts'
import { shortIds } from './find-session.ts'

/** Sessions that ended longer ago are only counted. */
const ENDED_SHOWN_MS = 24 * 60 * 60 * 1000
/** Below this many columns the model is left out, below the next also the project. */
const COLUMNS_WITH_MODEL = 100
const COLUMNS_WITH_PROJECT = 64

const GAP = '  '
const STATUS_COLUMNS = 10
const AGE_COLUMNS = 4
const PROJECT_COLUMNS_MAX = 30
const MODEL_COLUMNS_MAX = 20
const TITLE_COLUMNS_MIN = 10

const SECTIONS: readonly { readonly title: string; readonly style: Style }[] = [
  { title: 'Needs you', style: 'urgent' },
  { title: 'Your turn', style: 'good' },
  { title: 'Working', style: 'person' },
  { title: 'Ended', style: 'faint' },
]
const ENDED = SECTIONS.length - 1

export interface BoardViewOptions {
  readonly columns: number
  readonly paint: Paint
  /** Unix milliseconds. */
  readonly now: number
  readonly commandLine: (...words: readonly string[]) => string
}

/** One line that sums up, for the top of the screen. */
export function boardHeading(board: Board, { paint }: BoardViewOptions): string {
  if (!board.ready) return paint('faint', 'Waiting for the list of sessions …')
  const active = board.sessions().filter(({ status }) => status !== 'ended')
  const needing = active.filter((session) => urgencyOf(session) === 0).length
  const count = active.length === 1 ? '1 session' : `${active.length} sessions`
  return needing > 0 ? `${count}, ${paint('urgent', `${needing} need${needing === 1 ? 's' : ''} you`)}` : count
}

/** The sessions in sections, those first that need somebody. */
export function boardLines(board: Board, options: BoardViewOptions): string[] {
  const sessions = board.sessions()
  if (board.ready && sessions.length === 0) {
    return ['', 'No sessions yet. They appear here as soon as an agent starts to work.']
  }
  const ids = shortIds(sessions.map(({ id }) => id))
  const widths = columnWidths([...ids.values()], sessions, options.columns)
  return SECTIONS.flatMap(({ title, style }, rank) => {
    const members = sessions.filter((session) => urgencyOf(session) === rank)
    const shown = rank === ENDED ? members.filter((session) => isRecent(session, options.now)) : members
    if (members.length === 0) return []
    const rows = shown.flatMap((session) => {
      const row = { board, session, id: ids.get(session.id) ?? session.id, style, widths }
      return [sessionLine(row, options), ...promptLines(row, options)]
    })
    const hidden = members.length - shown.length
    const note = hidden > 0 ? [options.paint('faint', `  ${hidden} longer ago`)] : []
    return ['', options.paint('strong', title), ...rows, ...note]
  })
}

interface Widths {
  readonly id: number
  readonly title: number
  readonly project: number
  readonly model: number
}

interface Row {
  readonly board: Board
  readonly session: SessionSummary
  readonly id: string
  readonly style: Style
  readonly widths: Widths
}

/** The name of the session gets what the other columns leave; those that do not fit at all are 0 wide. */
function columnWidths(ids: readonly string[], sessions: readonly SessionSummary[], columns: number): Widths {
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => Bun.stringWidth(text)), 0)
  const id = widest(ids)
  const project = columns < COLUMNS_WITH_PROJECT ? 0 : Math.min(widest(sessions.map(projectOf)), PROJECT_COLUMNS_MAX)
  const models = sessions.map(({ model }) => clean(model ?? ''))
  const model = columns < COLUMNS_WITH_MODEL ? 0 : Math.min(widest(models), MODEL_COLUMNS_MAX)
  const others = [id, STATUS_COLUMNS, project, model, AGE_COLUMNS].filter((width) => width > 0)
  const title = others.reduce((left, width) => left - GAP.length - width, columns - GAP.length)
  return { id, title: Math.max(title, TITLE_COLUMNS_MIN), project, model }
}

function sessionLine({ session, id, style, widths }: Row, { paint, now }: BoardViewOptions): string {
  const status = session.status === 'ended' ? 'ended' : clean(session.work_status)
  const cells = [
    paint('faint', cell(id, widths.id)),
    paint(style, cell(status, STATUS_COLUMNS)),
    cell(titleOf(session), widths.title),
    ...(widths.project > 0 ? [cell(projectOf(session), widths.project)] : []),
    ...(widths.model > 0 ? [paint('faint', cell(clean(session.model ?? ''), widths.model))] : []),
    paint('faint', ageOf(session.last_activity_at, now)),
  ]
  return GAP + cells.join(GAP)
}

/** Under a session that waits: for what, and the command line that answers. */
function promptLines({ board, session, id, widths }: Row, { columns, paint, commandLine }: BoardViewOptions): string[] {
  if (urgencyOf(session) !== 0) return []
  const indent = ' '.repeat(2 * GAP.length + widths.id)
  const request = board.requestOf(session)
  const isQuestion = session.work_status === 'question'
  const command = commandLine('session', isQuestion ? 'answer' : 'approve', id) + (isQuestion ? ' TEXT' : '')
  const hint = request?.answerable === false ? 'answer it in the terminal of the session' : command
  return [...(request ? [fit(indent + request.line, columns)] : []), paint('faint', fit(`${indent}→ ${hint}`, columns))]
}

function isRecent(session: SessionSummary, now: number): boolean {
  return now - (timeOf(session.last_activity_at) ?? 0) < ENDED_SHOWN_MS
}
