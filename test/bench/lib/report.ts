/** The table of all figures, with a column for each server and the target beside each number. */
import type { Figure } from './figure.ts'

export interface Entry {
  /** The command of the server, or `raw`. */
  readonly server: string
  readonly figure: Figure
}

/** One line for each row, in the order in which rows came up first; a Markdown table that also reads well as text. */
export function renderTable(entries: readonly Entry[]): string {
  const servers = [...new Set(entries.map(({ server }) => server))]
  const rows = [...new Set(entries.map(({ figure }) => figure.row))]
  const lines = rows.map((row) => {
    const ofRow = entries.filter(({ figure }) => figure.row === row)
    const target = ofRow.find(({ figure }) => figure.target)?.figure.target?.text ?? ''
    return [row, target, ...servers.map((server) => cell(ofRow.find((entry) => entry.server === server)?.figure))]
  })
  return align([['', 'target', ...servers], ...lines])
}

/** The same as data: `met` is null for a number without a target. */
export function toJson(entries: readonly Entry[]): string {
  const flat = entries.map(({ server, figure: { row, value, text, target } }) => ({
    server,
    row,
    value,
    text,
    target: target?.text ?? null,
    met: target ? target.met(value) : null,
  }))
  return `${JSON.stringify(flat, null, 2)}\n`
}

function cell(figure: Figure | undefined): string {
  if (!figure) return ''
  const { text, target, value } = figure
  return target ? `${text} ${target.met(value) ? 'met' : 'MISSED'}` : text
}

function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0), 3))
  const render = (line: readonly string[]) =>
    `| ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = lines
  return [render(head), render(widths.map((width) => '-'.repeat(width))), ...body.map(render), ''].join('\n')
}
