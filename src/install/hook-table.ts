/** Merges our hooks into the `hooks` of Claude's settings, whose other entries are not ours to touch. */
import { isJsonObject, type JsonObject } from '../lib/json.ts'
import { type CommandHook, isOurCommand } from './hook-events.ts'

/** `hooks` with exactly one hook of ours per event of `ours`, in the place of an earlier one where that stood alone. */
export function withOurHooks(hooks: JsonObject, ours: ReadonlyMap<string, CommandHook>): JsonObject {
  const missing = [...ours.keys()].filter((event) => !Object.hasOwn(hooks, event)).map((event) => [event, []] as const)
  return mapEvents({ ...hooks, ...Object.fromEntries(missing) }, (event, entries) => {
    const hook = ours.get(event)
    if (hook === undefined) return withoutOurs(entries)
    const entry = { hooks: [hook] }
    const place = entries.findIndex((candidate) => withoutOurs([candidate]).length === 0)
    if (place < 0) return [...withoutOurs(entries), entry]
    return [...withoutOurs(entries.slice(0, place)), entry, ...withoutOurs(entries.slice(place))]
  })
}

/** `hooks` without ours; what is empty only because of that goes too. */
export function withoutOurHooks(hooks: JsonObject): JsonObject {
  return mapEvents(hooks, (_, entries) => withoutOurs(entries))
}

function mapEvents(hooks: JsonObject, change: (event: string, entries: readonly unknown[]) => readonly unknown[]) {
  return Object.fromEntries(
    Object.entries(hooks).flatMap(([event, entries]) => {
      if (!Array.isArray(entries)) return [[event, entries]]
      const changed = change(event, entries)
      return changed.length === 0 && entries.length > 0 ? [] : [[event, changed]]
    }),
  )
}

/** An entry that held nothing but ours goes; one that somebody else's hook shares keeps that. */
function withoutOurs(entries: readonly unknown[]): readonly unknown[] {
  return entries.flatMap((entry) => {
    if (!isJsonObject(entry)) return [entry]
    if (isOurs(entry)) return []
    if (!Array.isArray(entry.hooks)) return [entry]
    const others = entry.hooks.filter((hook) => !isOurs(hook))
    if (others.length === entry.hooks.length) return [entry]
    return others.length === 0 ? [] : [{ ...entry, hooks: others }]
  })
}

/** Whether a command of ours stands anywhere in a value of the settings. */
export function mentionsUs(value: unknown): boolean {
  if (typeof value === 'string') return isOurCommand(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(mentionsUs)
}

function isOurs(hook: unknown): boolean {
  return isJsonObject(hook) && typeof hook.command === 'string' && isOurCommand(hook.command)
}
