/** Colours of a terminal, by what they mean here. */

const STYLES = {
  strong: [1, 22],
  faint: [2, 22],
  alarm: [31, 39],
  good: [32, 39],
  urgent: [33, 39],
  person: [36, 39],
} as const

export type Style = keyof typeof STYLES
export type Paint = (style: Style, text: string) => string

/** A painter; one without colours leaves text as it is. */
export function paintFor(colours: boolean): Paint {
  if (!colours) return (_, text) => text
  return (style, text) => `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m`
}
