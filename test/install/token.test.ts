/** The token of a data directory. */
import { expect, test } from 'bun:test'
import { readToken } from '../../src/install/token.ts'
import { dataPaths } from '../../src/lib/data-paths.ts'
import { temporaryHome } from '../support/temporary-home.ts'

test('a data directory without a token has none', () => {
  using home = temporaryHome()
  expect(readToken(dataPaths(home.path))).toBeNull()
})
