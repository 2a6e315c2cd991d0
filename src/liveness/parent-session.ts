/** From which session a new one was made, as far as its process was told. */

const RESUME = ['--resume', '-r']
const FORK = '--fork-session'
/** Sessions can also be resumed by their names. */
const SESSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a Claude with this command line goes on with a copy of a session. */
export function isFork(commandLine: readonly string[]): boolean {
  return commandLine.includes(FORK)
}

/** The session that a command line of Claude forks; null when it forks none, or does not say which. */
export function forkedSession(commandLine: readonly string[]): string | null {
  if (!isFork(commandLine)) return null
  for (const [index, word] of commandLine.entries()) {
    const named = RESUME.includes(word) ? commandLine[index + 1] : givenWith(word)
    if (named !== undefined && SESSION_ID.test(named)) return named
  }
  return null
}

function givenWith(word: string): string | undefined {
  const option = RESUME.find((name) => word.startsWith(`${name}=`))
  return option && word.slice(option.length + 1)
}
