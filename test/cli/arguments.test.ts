import { expect, test } from 'bun:test'
import { type ArgsDef, type CommandDef, defineCommand } from 'citty'
import { asksFor, checkArguments, locateCommand, valuesOf } from '../../src/cli/arguments.ts'
import { UsageError } from '../../src/cli/cli-error.ts'

const leading = { where: { type: 'string' }, json: { type: 'boolean', alias: 'j' } } as const satisfies ArgsDef

const leafOptions: ArgsDef = {
  id: { type: 'positional', required: true },
  text: { type: 'positional', required: false },
  kind: { type: 'enum', alias: 'k', options: ['a', 'b'] },
  filter: { type: 'string', alias: 'f', valueHint: 'TYPE...' },
  ...leading,
}
const leaf: CommandDef = defineCommand({ meta: { name: 'leaf' }, args: leafOptions })
const root: CommandDef = defineCommand({
  meta: { name: 'program' },
  subCommands: { start: defineCommand({}), group: { subCommands: { leaf, other: defineCommand({}) } } },
})

async function locate(line: string) {
  const { name, words, wantsHelp } = await locateCommand(root, line.split(' ').filter(Boolean), leading)
  return { name, words: words.join(' '), wantsHelp }
}

async function refusal(line: string): Promise<string> {
  try {
    await checkArguments(await locateCommand(root, line.split(' ').filter(Boolean), leading))
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return ''
}

test('options may stand before, between and behind the names', async () => {
  for (const line of ['--where x group leaf 7 -j', 'group --where x leaf 7 -j', 'group leaf --where x 7 -j']) {
    expect(await locate(line)).toEqual({ name: 'program group leaf', words: '--where x 7 -j', wantsHelp: false })
  }
})

test('without a name the default command runs', async () => {
  expect(await locate('')).toMatchObject({ name: 'program start', words: '' })
  expect(await locate('--where group')).toMatchObject({ name: 'program start', words: '--where group' })
})

test('names that follow the command are its arguments', async () => {
  expect(await locate('group leaf start leaf')).toMatchObject({ name: 'program group leaf', words: 'start leaf' })
})

test('help is asked for in every usual way', async () => {
  expect(await locate('--help')).toMatchObject({ name: 'program', wantsHelp: true })
  expect(await locate('help')).toMatchObject({ name: 'program', wantsHelp: true })
  expect(await locate('group -h')).toMatchObject({ name: 'program group', wantsHelp: true })
  for (const line of ['group leaf --help', 'help group leaf', 'group help leaf', '-h group leaf']) {
    expect(await locate(line)).toMatchObject({ name: 'program group leaf', wantsHelp: true })
  }
  expect(asksFor(['group', 'leaf', '--', '--help'], 'help')).toBe(false)
})

test('an unknown name is refused with what was probably meant', async () => {
  expect(await refusal('strat')).toBe('"strat" is not a command of program. Did you mean "start"?')
  expect(await refusal('group laef')).toContain('Did you mean "leaf"?')
  expect(await refusal('group banana')).toContain('leaf, other')
  expect(await refusal('group')).toContain('leaf, other')
})

test('an unknown option is refused with what was probably meant', async () => {
  expect(await refusal('group leaf 7 --kidn a')).toContain('Did you mean --kind?')
  expect(await refusal('group leaf 7 -x')).toContain('-x is not an option')
  expect(await refusal('group leaf 7 --no-colour')).toContain('--no-colour is not an option')
})

test('an option without its value is refused, and a value is told from an option', async () => {
  expect(await refusal('group leaf 7 --kind')).toContain('--kind needs a value')
  expect(await refusal('group leaf 7 --filter --json')).toContain('--filter needs a value')
  expect(await refusal('group leaf 7 --filter=--json')).toBe('')
  expect(await refusal('group leaf 7 --json=perhaps')).toContain('--json takes no value')
  expect(await refusal('group leaf 7 --json=false')).toBe('')
})

test('a value that is none of the choices is refused with the choices', async () => {
  expect(await refusal('group leaf 7 -k c')).toBe('-k "c" is none of: a, b.')
})

test('only options that may be repeated are repeated', async () => {
  expect(await refusal('group leaf 7 --kind a -k b')).toContain('given twice')
  expect(await refusal('group leaf 7 -f a --filter b')).toBe('')
  expect(valuesOf(['7', '-f', 'a', '--filter=b'], leafOptions, 'filter')).toEqual(['a', 'b'])
})

test('arguments are counted', async () => {
  expect(await refusal('group leaf')).toBe('ID is missing.')
  expect(await refusal('group leaf 7 text more')).toBe('Too many arguments.')
  expect(await refusal('group leaf 7 -')).toBe('')
  expect(await refusal('group leaf 7 -- --text')).toBe('')
})
