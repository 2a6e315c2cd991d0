/** Tables for the Markdown files that tests write and hold true. */

/** A table under a heading, whose columns are as wide as their widest cells, as formatters want it. */
export function markdownTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  const lines = [head, rule, ...rows].map((cells) => {
    return `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  })
  return `## ${title}\n\n${lines.join('\n')}\n`
}
