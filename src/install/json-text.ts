/** Changes one member of a JSON object in its text, so that everything else keeps its bytes. */

/** A text that is not JSON; `offset` is where it stops being so. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
  readonly offset: number

  constructor(offset: number) {
    super(`not JSON at offset ${offset}`)
    this.offset = offset
  }
}

/** A member of the outermost object; offsets of its key, its value and the end of its value. */
interface Member {
  readonly key: string
  readonly start: number
  readonly valueStart: number
  readonly end: number
}

const SPACE = /[ \t\r\n]*/y
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const OTHER_SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
/** White space before the first key of the first line that has one. */
const INDENTATION = /\n([ \t]+)"/
const INDENTATION_DEFAULT = '  '

/** Checks that a text is JSON. Throws JsonSyntaxError. */
export function checkJson(text: string): void {
  const end = skip(SPACE, text, skipValue(text, skip(SPACE, text, 0)))
  if (end < text.length) throw new JsonSyntaxError(end)
}

/**
 * The text of a JSON object with `key` set to `value`, in the indentation of the text; undefined removes the member.
 * Throws JsonSyntaxError.
 */
export function withMember(text: string, key: string, value: unknown): string {
  const members: Member[] = []
  skipObject(text, skip(SPACE, text, 0), members)
  const index = members.findLastIndex((member) => member.key === key)
  const found = members[index]
  if (value === undefined) return found ? withoutMember(text, members, index) : text

  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const indent = INDENTATION.exec(text)?.[1] ?? (members.length > 0 ? '' : INDENTATION_DEFAULT)
  const newLine = indent === '' ? '' : `${lineEnd}${indent}`
  const json = JSON.stringify(value, null, indent).replaceAll('\n', newLine)
  if (found) return `${text.slice(0, found.valueStart)}${json}${text.slice(found.end)}`

  const member = `${newLine}${JSON.stringify(key)}:${indent === '' ? '' : ' '}${json}`
  const last = members.at(-1)
  if (last) return `${text.slice(0, last.end)},${member}${text.slice(last.end)}`
  return `${text.slice(0, text.indexOf('{') + 1)}${member}${lineEnd}${text.slice(text.lastIndexOf('}'))}`
}

function withoutMember(text: string, members: readonly Member[], index: number): string {
  const before = members[index - 1]?.end
  const after = members[index + 1]?.start
  if (before !== undefined) return text.slice(0, before) + text.slice(members[index]?.end)
  if (after !== undefined) return text.slice(0, members[index]?.start) + text.slice(after)
  return text.slice(0, text.indexOf('{') + 1) + text.slice(text.lastIndexOf('}'))
}

/** The offset behind the value that starts at `at`. */
function skipValue(text: string, at: number): number {
  if (text[at] === '{') return skipObject(text, at, [])
  if (text[at] === '[') return skipArray(text, at)
  return skip(text[at] === '"' ? STRING : OTHER_SCALAR, text, at)
}

function skipObject(text: string, at: number, members: Member[]): number {
  let next = skip(SPACE, text, skipSymbol('{', text, at))
  if (text[next] === '}') return next + 1
  for (;;) {
    const start = next
    const keyEnd = skip(STRING, text, start)
    const valueStart = skip(SPACE, text, skipSymbol(':', text, skip(SPACE, text, keyEnd)))
    const end = skipValue(text, valueStart)
    members.push({ key: JSON.parse(text.slice(start, keyEnd)), start, valueStart, end })
    next = skip(SPACE, text, end)
    if (text[next] === '}') return next + 1
    next = skip(SPACE, text, skipSymbol(',', text, next))
  }
}

function skipArray(text: string, at: number): number {
  let next = skip(SPACE, text, at + 1)
  if (text[next] === ']') return next + 1
  for (;;) {
    next = skip(SPACE, text, skipValue(text, next))
    if (text[next] === ']') return next + 1
    next = skip(SPACE, text, skipSymbol(',', text, next))
  }
}

function skipSymbol(symbol: string, text: string, at: number): number {
  if (text[at] !== symbol) throw new JsonSyntaxError(at)
  return at + 1
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null) throw new JsonSyntaxError(at)
  return at + match[0].length
}
