/** Tests that a machine cannot run: each says why, also where only failures are printed. */

/** Whether to skip, for `skipIf`; where it is true the reason is printed. */
export function skipUnless(can: boolean, why: string): boolean {
  if (!can) process.stderr.write(`skipped: ${why}\n`)
  return !can
}

/** Some tests act as other users, or on files of root. */
export const IS_ROOT = process.getuid?.() === 0
