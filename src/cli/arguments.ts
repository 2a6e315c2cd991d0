/** What citty leaves to us: options on either side of the command's name, and refusal of everything that is not declared. */
import { parseArgs } from 'node:util'
import type { ArgsDef, CommandDef } from 'citty'
import { UsageError } from './cli-error.ts'
import { closest } from './closest.ts'

/** A command, the words that call it, and what else was on the line. */
export interface LocatedCommand {
  readonly command: CommandDef
  /** As in `orbitdock-server session list`. */
  readonly name: string
  /** The command line without the names of commands. */
  readonly words: readonly string[]
  /** Whether its page is wanted instead: `--help`, `-h`, or the word `help` before its name. */
  readonly wantsHelp: boolean
}

/** The command that is called when none is named. */
const DEFAULT_COMMAND = 'start'
const BUILT_IN = { help: ['help', 'h'], version: ['version', 'v', 'V'] } as const

/** Whether a built-in option stands on the line, before any `--`. */
export function asksFor(words: readonly string[], name: keyof typeof BUILT_IN): boolean {
  const names: readonly string[] = BUILT_IN[name]
  return optionsOf(words, {}).some((option) => names.includes(option.name))
}

/**
 * Follows the names of commands from `root`. Options may stand before a name as well; `leading` declares them, so that their
 * values are not taken for names. Throws UsageError on an unknown name.
 */
export async function locateCommand(
  root: CommandDef,
  words: readonly string[],
  leading: ArgsDef,
): Promise<LocatedCommand> {
  const name = (await resolved(root.meta))?.name ?? ''
  let located: LocatedCommand = { command: root, name, words, wantsHelp: asksFor(words, 'help') }
  for (;;) {
    const { command, wantsHelp } = located
    const children = await resolved(command.subCommands)
    if (!children) return located
    const position = tokensOf(located.words, leading).find((token) => token.kind === 'positional')?.index
    const word = position === undefined ? undefined : located.words[position]
    const rest = located.words.filter((_, index) => index !== position)
    if (word === 'help') {
      located = { ...located, words: rest, wantsHelp: true }
      continue
    }
    if (word === undefined && wantsHelp) return located
    if (word === undefined && command !== root) throw unknownCommand(null, located.name, Object.keys(children))
    const next = word ?? DEFAULT_COMMAND
    const child = await resolved(children[next])
    if (!child) throw unknownCommand(next, located.name, Object.keys(children))
    located = { command: child, name: `${located.name} ${next}`, words: rest, wantsHelp }
  }
}

/** Throws UsageError for unknown, repeated and incomplete options, and for too many or too few arguments. */
export async function checkArguments({ command, name, words }: LocatedCommand): Promise<void> {
  const declared = (await resolved(command.args)) ?? {}
  const seen = new Set<string>()
  for (const option of optionsOf(words, declared)) {
    const [key, definition] = declarationOf(option.name, declared) ?? []
    if (key === undefined || definition === undefined) throw unknownOption(option.rawName, name, declared)
    if (seen.has(key) && !isRepeatable(definition)) throw new UsageError(`${option.rawName} was given twice.`, name)
    seen.add(key)
    checkValue(option, definition, name)
  }
  const given = tokensOf(words, declared).filter((token) => token.kind === 'positional').length
  const positionals = Object.entries(declared).filter(([, definition]) => definition.type === 'positional')
  const missing = positionals.slice(given).find(([, definition]) => definition.required !== false)
  if (missing) throw new UsageError(`${missing[0].toUpperCase()} is missing.`, name)
  if (given > positionals.length) throw new UsageError('Too many arguments.', name)
}

/** Every value of an option that may be repeated, in order. */
export function valuesOf(words: readonly string[], declared: ArgsDef, key: string): string[] {
  return optionsOf(words, declared)
    .filter((option) => declarationOf(option.name, declared)?.[0] === key)
    .map((option) => option.value ?? '')
}

type Token = NonNullable<ReturnType<typeof tokensOf>>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

function tokensOf(words: readonly string[], declared: ArgsDef) {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string; multiple: boolean }> = {}
  for (const [key, definition] of Object.entries(declared)) {
    if (definition.type === 'positional') continue
    const type = definition.type === 'boolean' ? 'boolean' : 'string'
    const [short] = shortsOf(definition)
    options[key] = { type, multiple: true, ...(short && { short }) }
  }
  return parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

function optionsOf(words: readonly string[], declared: ArgsDef): OptionToken[] {
  return tokensOf(words, declared).filter((token) => token.kind === 'option')
}

function declarationOf(name: string, declared: ArgsDef): [string, ArgsDef[string]] | undefined {
  return Object.entries(declared).find(([key, definition]) => key === name || shortsOf(definition).includes(name))
}

function shortsOf(definition: ArgsDef[string]): string[] {
  return 'alias' in definition && definition.alias ? [definition.alias].flat() : []
}

function isRepeatable(definition: ArgsDef[string]): boolean {
  return definition.valueHint?.endsWith('...') === true
}

function checkValue(option: OptionToken, { type = 'boolean', ...definition }: ArgsDef[string], command: string): void {
  const { rawName, value, inlineValue } = option
  if (type === 'boolean') {
    if (value === undefined || value === 'true' || value === 'false') return
    throw new UsageError(`${rawName} takes no value.`, command)
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value.`, command)
  if (!inlineValue && value.length > 1 && value.startsWith('-')) {
    throw new UsageError(`${rawName} needs a value. One that begins with "-" is written ${rawName}=${value}`, command)
  }
  const choices = 'options' in definition ? definition.options : undefined
  if (choices && !choices.includes(value)) {
    throw new UsageError(`${rawName} "${value}" is none of: ${choices.join(', ')}.`, command)
  }
}

function unknownCommand(word: string | null, parent: string, known: readonly string[]): UsageError {
  if (word === null) return new UsageError(`Name one of its commands: ${known.join(', ')}.`, parent)
  const suggestion = closest(word, known)
  const hint = suggestion ? `Did you mean "${suggestion}"?` : `There are: ${known.join(', ')}.`
  return new UsageError(`"${word}" is not a command of ${parent}. ${hint}`, parent)
}

function unknownOption(rawName: string, command: string, declared: ArgsDef): UsageError {
  const known = Object.entries(declared).flatMap(([key, { type }]) => (type === 'positional' ? [] : [`--${key}`]))
  const suggestion = closest(rawName, known)
  const hint = suggestion ? ` Did you mean ${suggestion}?` : ''
  return new UsageError(`${rawName} is not an option of "${command}".${hint}`, command)
}

/** Reads one of citty's values, which may be given, promised, or made on demand. */
export async function resolved<Value>(
  value: Value | Promise<Value> | (() => Value) | (() => Promise<Value>) | undefined,
): Promise<Value | undefined> {
  return value instanceof Function ? value() : value
}
