/** Opens the database named on the command line without the rights of a superuser, and prints what comes of it as JSON. */
import { openDatabase } from '../../src/store/open-database.ts'
import type { StorageError } from '../../src/store/storage-error.ts'

const NOBODY = 65_534

if (process.getuid?.() === 0) {
  process.setgid?.(NOBODY)
  process.setuid?.(NOBODY)
}
try {
  openDatabase(process.argv[2] ?? '').close(true)
  process.stdout.write('{"fault":null}')
} catch (error) {
  const { fault, message } = error as StorageError
  process.stdout.write(JSON.stringify({ fault, message }))
}
