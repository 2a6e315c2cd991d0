/** Hooks of an agent that the server drives: its own lines tell everything, and sooner; hooks add what they leave out. */
import type { SessionEvent } from '../session/events.ts'

/** Of the events of such a hook, those that its session shall hear of. */
export function eventsBeside(events: readonly SessionEvent[]): readonly SessionEvent[] {
  return events.flatMap((event): readonly SessionEvent[] => {
    switch (event.type) {
      case 'session_described':
        return event.transcriptPath === undefined
          ? []
          : [{ type: 'session_described', quiet: true, transcriptPath: event.transcriptPath }]
      case 'subagent_started':
      case 'subagent_stopped':
      case 'environment_reported':
        return [event]
      default:
        return []
    }
  })
}
