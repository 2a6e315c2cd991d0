/** How the session is called, and in which mode it works. */
import { textAt } from '../../lib/json.ts'
import type { EntryTranslation } from '../entry.ts'

/** A title that a model made; older versions wrote it as `summary`. */
export function titleEvents(key: 'aiTitle' | 'summary'): EntryTranslation {
  return (entry) => {
    const summary = textAt(entry, key)
    return summary === null ? [] : [{ type: 'summary_found', summary }]
  }
}

/** A name that a person gave. */
export function nameEvents(key: 'customTitle' | 'agentName'): EntryTranslation {
  return (entry) => {
    const name = textAt(entry, key)
    return name === null ? [] : [{ type: 'thread_named', name }]
  }
}

/** The mode of the past is no news: every hook of a turn tells the present one. */
export const permissionModeEvents: EntryTranslation = (entry, { live }) => {
  const mode = textAt(entry, 'permissionMode')
  return mode === null || !live ? [] : [{ type: 'permission_mode_reported', mode }]
}
