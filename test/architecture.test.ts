/** The shape of src: who may import whom, and how big a file may be. */
import { expect, test } from 'bun:test'
import { dirname, join } from 'node:path'

const LOWEST = ['lib'] as const
const WIRE = ['protocol', ...LOWEST] as const
const RULES = ['session', ...WIRE] as const
const HOSTS = ['store', 'connectors', 'hooks', 'transcripts', 'liveness', 'git', ...RULES] as const

/** Each folder of src, and the folders it may import. Files at the top of src wire them together. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  protocol: LOWEST,
  session: WIRE,
  hooks: RULES,
  transcripts: RULES,
  liveness: RULES,
  git: RULES,
  connectors: ['hooks', 'transcripts', ...RULES],
  store: RULES,
  actors: HOSTS,
  gateway: ['actors', ...HOSTS],
  install: WIRE,
  cli: ['.', 'install', 'store', ...WIRE],
}
const FILE_LINES_MAX = 400
const FILE_LINES_P90 = 250
const FILE_LINES_MEDIAN = 80

const sources = await Array.fromAsync(new Bun.Glob('**/*.ts').scan('src'))
const folderOf = (path: string) => (path.includes('/') ? (path.split('/', 1)[0] ?? '') : '.')

test('every import points down', async () => {
  const climbing: string[] = []
  for (const file of sources.filter((path) => folderOf(path) !== '.')) {
    const from = folderOf(file)
    for (const [, path = ''] of (await Bun.file(`src/${file}`).text()).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = join(dirname(file), path)
      if (target.startsWith('..')) continue
      const to = folderOf(target)
      if (to !== from && !MAY_IMPORT[from]?.includes(to)) climbing.push(`${file} imports ${path}`)
    }
  }
  expect(climbing).toEqual([])
})

test('files stay small', async () => {
  const sizes = await Promise.all(
    sources.map(async (path) => ({ path, lines: (await Bun.file(`src/${path}`).text()).split('\n').length - 1 })),
  )
  sizes.sort((a, b) => a.lines - b.lines)
  const at = (share: number) => sizes[Math.floor((sizes.length - 1) * share)]?.lines ?? 0
  expect(sizes.filter(({ lines }) => lines > FILE_LINES_MAX)).toEqual([])
  expect(at(0.9)).toBeLessThanOrEqual(FILE_LINES_P90)
  expect(at(0.5)).toBeLessThanOrEqual(FILE_LINES_MEDIAN)
})

test('the session rules touch nothing outside', async () => {
  const impure: string[] = []
  for (const file of sources.filter((path) => folderOf(path) === 'session')) {
    const text = await Bun.file(`src/${file}`).text()
    if (
      /\b(Bun|process|setTimeout|setImmediate|Date\.now|Math\.random|await|fetch)\b/.test(
        text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
      )
    )
      impure.push(file)
  }
  expect(impure).toEqual([])
})
