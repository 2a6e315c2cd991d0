/** `--help`: one page per command, made from its declaration. */
import type { ArgsDef, CommandDef } from 'citty'
import { type LocatedCommand, resolved } from './arguments.ts'
import { print } from './terminal.ts'
import { wrap } from './wrap.ts'

/** Column at which descriptions begin. */
const DESCRIPTION_COLUMN = 30
const COLUMNS_MAX = 100

/** Prints the page of one command. */
export async function showHelp({ command, name }: LocatedCommand): Promise<void> {
  const declared = Object.entries((await resolved(command.args)) ?? {})
  const positionals = declared.filter(([, { type }]) => type === 'positional')
  const options = declared.filter(([, { type }]) => type !== 'positional')
  const commands = await describeCommands(command)
  const words = positionals.map(([key, { required }]) => (required === false ? `[${upper(key)}]` : upper(key)))
  const usage = [
    name,
    ...(commands.length > 0 ? ['COMMAND'] : []),
    ...words,
    ...(options.length > 0 ? ['[OPTIONS]'] : []),
  ]
  const lines = [
    `${(await resolved(command.meta))?.description ?? ''}.`,
    '',
    `Usage: ${usage.join(' ')}`,
    ...section('Commands', commands),
    ...section(
      'Arguments',
      positionals.map(([key, { description = '' }]) => [upper(key), description]),
    ),
    ...section('Options', [...options.map(describeOption), ['-h, --help', 'Show this page']]),
  ]
  for (const line of lines) print(line)
}

async function describeCommands(command: CommandDef): Promise<[string, string][]> {
  const children = Object.entries((await resolved(command.subCommands)) ?? {})
  return Promise.all(
    children.map(async ([name, child]) => [name, (await resolved((await resolved(child))?.meta))?.description ?? '']),
  )
}

function describeOption([key, definition]: [string, ArgsDef[string]]): [string, string] {
  const short = 'alias' in definition && definition.alias ? `-${definition.alias}, ` : '    '
  const value = definition.type === 'boolean' ? '' : ` ${definition.valueHint ?? 'WORD'}`
  const choices = 'options' in definition && definition.options ? `: ${definition.options.join(', ')}` : ''
  return [`${short}--${key}${value}`, `${definition.description ?? ''}${choices}`]
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  return rows.length === 0 ? [] : ['', `${title}:`, ...rows.flatMap(([term, text]) => describe(term, text))]
}

/** A term and its description, wrapped into a column of its own. */
function describe(term: string, text: string): string[] {
  const room = Math.min(process.stdout.columns || COLUMNS_MAX, COLUMNS_MAX) - DESCRIPTION_COLUMN
  const [first = '', ...rest] = wrap(text, Math.max(room, 20))
  const head = `  ${term}`.padEnd(DESCRIPTION_COLUMN)
  const indented = rest.map((line) => ' '.repeat(DESCRIPTION_COLUMN) + line)
  return head.length > DESCRIPTION_COLUMN || !head.endsWith(' ')
    ? [head, ' '.repeat(DESCRIPTION_COLUMN) + first, ...indented]
    : [head + first, ...indented]
}

function upper(key: string): string {
  return key.toUpperCase()
}
