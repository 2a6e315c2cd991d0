/** A change to the user's machine that cannot be made. */
import { isRefusal, ownershipHint } from './ownership.ts'

/** What to do about a data directory that cannot be written, as in a home that is mounted for reading. */
export const OTHER_DATA_DIR = 'Another place for the data: --data-dir DIR, or ORBITDOCK_DATA_DIR.'

/** `message` is for people: what happened, to what, and what to do. */
export class InstallError extends Error {
  override readonly name = 'InstallError'
}

/** The error for a file operation that failed, with the reason the system gave. */
export function fileError(doing: string, path: string, cause: unknown): InstallError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new InstallError(`Cannot ${doing} ${path}: ${reason}.${ownershipHint(path)}`, { cause })
}

/** The same for a file of the data directory, which may be chosen. */
export function dataFileError(doing: string, path: string, cause: unknown): InstallError {
  const { message } = fileError(doing, path, cause)
  return new InstallError(isRefusal(cause) ? `${message} ${OTHER_DATA_DIR}` : message, { cause })
}
