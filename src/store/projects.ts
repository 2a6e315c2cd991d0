/** The directories that sessions have worked in. */
import type { Database } from 'bun:sqlite'
import { RECENT_PROJECTS_MAX } from '../lib/limits.ts'
import type { RecentProject } from '../protocol/model/files.ts'
import { UNKNOWN_PATH } from '../session/new-session.ts'
import { unixSeconds } from '../session/times.ts'
import { count, text } from './cells.ts'
import { rows } from './prepared.ts'
import { WAS_A_SESSION } from './sessions.ts'
import { unixMs } from './times.ts'

const SELECT = `SELECT project_path, count(*), max(coalesce(last_activity_at, started_at)) AS active FROM sessions
  WHERE ${WAS_A_SESSION} AND project_path NOT IN ('', ?) GROUP BY project_path ORDER BY active DESC LIMIT ?`

/** The latest first. */
export function readRecentProjects(db: Database): readonly RecentProject[] {
  return rows(db, SELECT, UNKNOWN_PATH, RECENT_PROJECTS_MAX).map(([path, sessions, active]) => {
    const at = unixMs(active)
    return {
      path: text(path) ?? '',
      session_count: count(sessions),
      ...(at === null ? {} : { last_active: unixSeconds(at) }),
    }
  })
}
