/** From which session a new one was made, as far as its process was told. */

const RESUME = ['--resume', '-r']
const FORK = '--fork-session'

/** The session that a command line of Claude forks; null when it forks none, or does not say which. */
export function forkedSession(commandLine: readonly string[]): string | null {
  if (!commandLine.includes(FORK)) return null
  for (const [index, word] of commandLine.entries()) {
    const named = RESUME.includes(word) ? commandLine[index + 1] : givenWith(word)
    if (named !== undefined && !named.startsWith('-')) return named
  }
  return null
}

function givenWith(word: string): string | undefined {
  const option = RESUME.find((name) => word.startsWith(`${name}=`))
  return option && word.slice(option.length + 1)
}
