/** The migrations, in order; together they describe the schema that an opened database has. */
import baseline from '../../migrations/001_baseline.sql' with { type: 'text' }
import messageImages from '../../migrations/002_message_images.sql' with { type: 'text' }
import errorsAndApprovals from '../../migrations/1000_errors_and_approvals.sql' with { type: 'text' }
import turnsAndRevisions from '../../migrations/1001_turns_and_revisions.sql' with { type: 'text' }
import inputs from '../../migrations/1002_inputs.sql' with { type: 'text' }
import runningCommands from '../../migrations/1003_running_commands.sql' with { type: 'text' }
import liveness from '../../migrations/1004_liveness.sql' with { type: 'text' }
import transcriptGaps from '../../migrations/1006_transcript_gaps.sql' with { type: 'text' }
import repositories from '../../migrations/1007_repositories.sql' with { type: 'text' }
import subagents from '../../migrations/1008_subagents.sql' with { type: 'text' }
import queuedPrompts from '../../migrations/1010_queued_prompts.sql' with { type: 'text' }
import toolLists from '../../migrations/1011_tool_lists.sql' with { type: 'text' }
import capabilities from '../../migrations/1012_capabilities.sql' with { type: 'text' }
import resumePoints from '../../migrations/1013_resume_points.sql' with { type: 'text' }
import costs from '../../migrations/1015_costs.sql' with { type: 'text' }
import subagentArchive from '../../migrations/1016_subagent_archive.sql' with { type: 'text' }

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/** Numbers from here on are our own; 3 to 18 belong to later versions of the original. */
export const OWN_VERSIONS_FROM = 1000

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: '001_baseline', sql: baseline },
  { version: 2, name: '002_message_images', sql: messageImages },
  { version: 1000, name: '1000_errors_and_approvals', sql: errorsAndApprovals },
  { version: 1001, name: '1001_turns_and_revisions', sql: turnsAndRevisions },
  { version: 1002, name: '1002_inputs', sql: inputs },
  { version: 1003, name: '1003_running_commands', sql: runningCommands },
  { version: 1004, name: '1004_liveness', sql: liveness },
  { version: 1006, name: '1006_transcript_gaps', sql: transcriptGaps },
  { version: 1007, name: '1007_repositories', sql: repositories },
  { version: 1008, name: '1008_subagents', sql: subagents },
  { version: 1010, name: '1010_queued_prompts', sql: queuedPrompts },
  { version: 1011, name: '1011_tool_lists', sql: toolLists },
  { version: 1012, name: '1012_capabilities', sql: capabilities },
  { version: 1013, name: '1013_resume_points', sql: resumePoints },
  { version: 1015, name: '1015_costs', sql: costs },
  { version: 1016, name: '1016_subagent_archive', sql: subagentArchive },
]
