import { expect, test } from 'bun:test'
import { paintFor } from '../../../src/cli/paint.ts'
import { Board } from '../../../src/cli/session/board.ts'
import { boardHeading, boardLines } from '../../../src/cli/session/board-view.ts'
import { aRequest, aSummary } from '../../support/wire-builders.ts'

const now = 1_771_700_060_000
const view = {
  columns: 110,
  paint: paintFor(false),
  now,
  commandLine: (...words: readonly string[]) => ['orbitdock-server', ...words].join(' '),
}

function boardWith(...sessions: Parameters<typeof aSummary>[0][]): Board {
  const board = new Board()
  board.apply({ type: 'sessions_list', sessions: sessions.map(aSummary) })
  return board
}

test('a delta changes its row; null clears, and what is left out stays', () => {
  const board = boardWith({ id: 'a', custom_name: 'Mine', summary: 'Sum', model: 'opus' })
  board.apply({
    type: 'session_delta',
    session_id: 'a',
    changes: { work_status: 'waiting', custom_name: null, last_activity_at: '1771700001Z' },
  })
  expect(board.session('a')).toMatchObject({ work_status: 'waiting', summary: 'Sum', model: 'opus' })
  expect(board.session('a')?.custom_name).toBeUndefined()
})

test('a prompt is shown with what it is about until it is answered', () => {
  const board = boardWith({ id: 'a' })
  board.apply({ type: 'approval_requested', session_id: 'a', request: aRequest({ session_id: 'a' }) })
  expect(boardLines(board, view).join('\n')).toContain('Bash  rm -rf build')
  expect(boardHeading(board, view)).toBe('1 session, 1 needs you')
  board.apply({ type: 'session_delta', session_id: 'a', changes: { work_status: 'working', pending_approval: null } })
  expect(boardLines(board, view).join('\n')).not.toContain('rm -rf build')
  expect(boardHeading(board, view)).toBe('1 session')
})

test('a prompt from before the start is named by the record of approvals', () => {
  const board = boardWith({ id: 'a', work_status: 'permission', has_pending_approval: true, pending_approval_id: 'r' })
  const item = {
    id: 1,
    session_id: 'a',
    approval_type: 'exec' as const,
    tool_name: 'Bash',
    command: 'make',
    file_path: null,
    cwd: null,
    proposed_amendment: null,
    created_at: '1Z',
    decided_at: null,
  }
  board.apply({
    type: 'approvals_list',
    session_id: null,
    approvals: [
      { ...item, request_id: 'r', decision: null },
      { ...item, id: 2, request_id: 'old', command: 'ls', decision: 'approved' },
    ],
  })
  expect(boardLines(board, view).join('\n')).toContain('Bash  make')
})

test('a prompt for the terminal alone offers no command', () => {
  const board = boardWith({ id: 'a' })
  board.apply({
    type: 'approval_requested',
    session_id: 'a',
    request: aRequest({ session_id: 'a', answerable: false }),
  })
  const text = boardLines(board, view).join('\n')
  expect(text).toContain('answer it in the terminal')
  expect(text).not.toContain('session approve')
})

test('new, renamed and ended sessions find their places', () => {
  const board = boardWith({ id: 'a' })
  board.apply({ type: 'session_created', session: aSummary({ id: 'b', custom_name: 'New one' }) })
  board.apply({ type: 'session_ended', session_id: 'a', reason: 'x' })
  board.apply({ type: 'session_delta', session_id: 'nobody', changes: { work_status: 'working' } })
  expect(board.sessions().map(({ id, status }) => [id, status])).toEqual([
    ['b', 'active'],
    ['a', 'ended'],
  ])
})

test('the sections stand in the order of urgency, with the command that answers', () => {
  const board = boardWith(
    { id: '33333333-x', work_status: 'working', custom_name: 'Three' },
    { id: '11111111-x', work_status: 'question', has_pending_approval: true, custom_name: 'One' },
    { id: '44444444-x', status: 'ended', work_status: 'ended', custom_name: 'Four' },
    { id: '22222222-x', work_status: 'waiting', custom_name: 'Two' },
  )
  const lines = boardLines(board, view)
  const order = [
    'Needs you',
    'One',
    'session answer 11111111 TEXT',
    'Your turn',
    'Two',
    'Working',
    'Three',
    'Ended',
    'Four',
  ]
  const places = order.map((text) => lines.findIndex((line) => line.includes(text)))
  expect(places).toEqual([...places].sort((one, other) => one - other))
  expect(places).not.toContain(-1)
})

test('no line is wider than the terminal, and names are shown as far as they fit', () => {
  const long = 'A very long name that goes on 日本語 and on '.repeat(5)
  const board = boardWith(
    { id: '1', custom_name: long, project_name: long, model: long },
    { id: '2', custom_name: 'Short', work_status: 'permission', pending_approval_id: 'r' },
  )
  board.apply({ type: 'approval_requested', session_id: '2', request: aRequest({ session_id: '2', tool_name: long }) })
  for (const columns of [40, 64, 99, 100, 200]) {
    for (const line of boardLines(board, { ...view, columns }))
      expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns)
  }
  expect(boardLines(board, { ...view, columns: 200 }).join('\n')).toContain('claude-opus-4')
  expect(boardLines(board, { ...view, columns: 60 }).join('\n')).not.toContain('engine')
})

test('sessions that ended long ago are only counted', () => {
  const board = boardWith(
    { id: 'a', status: 'ended', custom_name: 'Today' },
    { id: 'b', status: 'ended', custom_name: 'Last year', last_activity_at: '1740000000Z' },
  )
  const text = boardLines(board, view).join('\n')
  expect(text).toContain('Today')
  expect(text).toContain('1 longer ago')
  expect(text).not.toContain('Last year')
})

test('an empty board says what will happen', () => {
  expect(boardLines(boardWith(), view).join('\n')).toContain('as soon as an agent')
  expect(boardHeading(new Board(), view)).toContain('Waiting for the list')
})
