/** Checks for states that the types rule out. */

/** Stops the program on a value that the types say cannot occur. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
