import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allowedPath } from '../../src/transcripts/allowed-path.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'allowed-path-')))
afterAll(() => rmSync(folder, { recursive: true }))

const root = join(folder, '.claude')
const projects = join(root, 'projects')
mkdirSync(projects, { recursive: true })
writeFileSync(join(projects, 'a.jsonl'), '')
writeFileSync(join(folder, 'secret.jsonl'), '')
writeFileSync(join(folder, 'secret.txt'), '')
mkdirSync(join(folder, '.claude-evil'))
symlinkSync(folder, join(projects, 'out'))
symlinkSync(join(folder, 'secret.txt'), join(projects, 'link.jsonl'))
symlinkSync(root, join(folder, 'home-link'))

const allowed = (path: string, roots = [root]) => allowedPath(path, roots)

describe('the original’s fault B-78: a path from a hook', () => {
  test('may name a transcript below a root', async () => {
    expect(await allowed(join(projects, 'a.jsonl'))).toBe(join(projects, 'a.jsonl'))
  })

  test('may name one that does not exist yet, even where its directory does not', async () => {
    expect(await allowed(join(projects, 'new', 'b.jsonl'))).toBe(join(projects, 'new', 'b.jsonl'))
    expect(await allowed(join(folder, 'later', 'b.jsonl'), [join(folder, 'later')])).toBe(
      join(folder, 'later', 'b.jsonl'),
    )
  })

  test('may go through a link to a root', async () => {
    expect(await allowed(join(folder, 'home-link', 'projects', 'a.jsonl'))).toBe(join(projects, 'a.jsonl'))
    expect(await allowed(join(projects, 'a.jsonl'), [join(folder, 'home-link')])).toBe(join(projects, 'a.jsonl'))
  })

  test.each([
    ['beside the roots', join(folder, 'secret.jsonl')],
    ['in a directory whose name begins like a root', join(folder, '.claude-evil', 'a.jsonl')],
    ['up and away', `${projects}/../../secret.jsonl`],
    ['through a link that leads out', join(projects, 'out', 'secret.jsonl')],
    ['through a link that leads out, to nothing yet', join(projects, 'out', 'none', 'b.jsonl')],
    ['a link to something else', join(projects, 'link.jsonl')],
    ['of another kind', join(projects, 'a.json')],
    ['that is relative', 'projects/a.jsonl'],
    ['with a zero in it', `${projects}/a\0.jsonl`],
    ['that is a root', root],
  ])('may not name one %s', async (_, path) => {
    expect(await allowed(path)).toBeNull()
  })
})
