/** A change to the user's machine that cannot be made. */

/** `message` is for people: what happened, to what, and what to do. */
export class InstallError extends Error {
  override readonly name = 'InstallError'
}

/** The error for a file operation that failed, with the reason the system gave. */
export function fileError(doing: string, path: string, cause: unknown): InstallError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new InstallError(`Cannot ${doing} ${path}: ${reason}`, { cause })
}
