/** Takes the data directory named on the command line, says so, and keeps it. */
import { dataPaths } from '../../src/lib/data-paths.ts'
import { lockDataDir } from '../../src/store/data-dir-lock.ts'

lockDataDir(dataPaths(process.argv[2] ?? ''))
Bun.gc(true)
process.stdout.write('locked\n')
setInterval(() => {}, 1_000)
