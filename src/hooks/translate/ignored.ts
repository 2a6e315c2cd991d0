/** Events that tell a session nothing new, each with the reason. */

/** Fired outside a turn, also by a CLI in which nobody ever types: they list no session. */
const OUTSIDE_TURNS: Readonly<Record<string, string>> = {
  Setup: 'preparation of a directory',
  InstructionsLoaded: 'a memory file was read',
  ConfigChange: 'settings are the business of the CLI',
  FileChanged: 'a watched file changed on disk',
  DirectoryAdded: 'a permission, told again by the modes',
  PreModelSwitch: 'PostModelSwitch says what became of it',
  WorktreeCreate: 'a provider hook: whoever answers makes the directory',
  WorktreeRemove: 'the counterpart of WorktreeCreate',
}

const WITHIN_TURNS: Readonly<Record<string, string>> = {
  UserPromptExpansion: 'UserPromptSubmit follows with the same prompt',
  MessageDisplay: 'the transcript brings the same text under the id that it keeps',
  ElicitationResult: 'the tool that asked goes on and ends',
  TaskCreated: 'may still be refused; the result of the call tells what came of it',
  TaskCompleted: 'may still be refused; the result of the call tells what came of it',
  TeammateIdle: 'a teammate is a session of its own',
}

/** Why an event is ignored; undefined for one that means something or that nobody here has heard of. */
export function ignoredBecause(event: string): string | undefined {
  return ignored.get(event)
}

/** Whether an event may come from a CLI that nobody has talked to. */
export function isOutsideTurns(event: string): boolean {
  return Object.hasOwn(OUTSIDE_TURNS, event)
}

const ignored: ReadonlyMap<string, string> = new Map(Object.entries({ ...OUTSIDE_TURNS, ...WITHIN_TURNS }))
