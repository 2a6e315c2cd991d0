/** Where a hook came from, as the hook script tells it. */
import { isAbsolute } from 'node:path'
import type { Hook } from '../hooks/hook.ts'
import { countAt, textAt } from '../lib/json.ts'

export interface HookOrigin {
  /** The agent's process. */
  readonly pid: number
  /** The machine that it runs on. */
  readonly hostId: string
  /** Unix milliseconds of the second in which it was sent; null when it does not say. */
  readonly sentAt: number | null
  /** Where the agent keeps everything, when its environment says so. */
  readonly configDir: string | null
}

/** Null for hooks of scripts that do not tell. */
export function originOf({ body }: Hook): HookOrigin | null {
  const pid = countAt(body, 'pid')
  const hostId = textAt(body, 'host_id')
  if (!pid || hostId === null) return null
  const sentAt = countAt(body, 'sent_at')
  const configDir = textAt(body, 'claude_config_dir')
  return {
    pid,
    hostId,
    sentAt: sentAt === null ? null : sentAt * 1_000,
    configDir: configDir !== null && isAbsolute(configDir) ? configDir : null,
  }
}
