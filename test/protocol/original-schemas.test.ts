import { describe, expect, test } from 'bun:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { anySpoilt, spoilt } from './mutations.ts'
import clientSchema from './original/client.schema.json'
import serverSchema from './original/server.schema.json'
import { ADDED_TAGS, accepts, type Frame, golden, keptFrames, published, SIDES, type Side, tags } from './wire.ts'

const HOOKS = tags.client.filter((tag) => /^claude_/.test(tag))
/** Keys of ours that the original does not know, by a key that only their neighbours have. */
const ADDITIONS: Readonly<Record<string, readonly string[]>> = {
  type: ['command_id'],
  agent_type: [
    'status',
    'description',
    'tool_use_id',
    'parent_id',
    'background',
    'last_message',
    'tool_count',
    'last_tool',
  ],
  project_path: ['permission_mode', 'pending_approval_id', 'approval_version', 'end_reason'],
  git_sha: ['repository_root', 'is_worktree', 'worktree_path', 'git_dirty', 'cost_usd'],
  pending_approval: ['queued_prompts', 'queue_held', 'background_tasks'],
  slash_commands: ['agents', 'models', 'permission_modes', 'account'],
  question: [
    'tool_name',
    'tool_input',
    'tool_use_id',
    'answerable',
    'subagent_id',
    'subagent_type',
    'approval_version',
  ],
}

const ajv = new Ajv2020({ strict: false, allErrors: false })
const originalAccepts: Record<Side, (frame: unknown) => boolean> = {
  client: ajv.compile(withLenientHooks(clientSchema)),
  server: ajv.compile(serverSchema),
}
const publishedAccepts: Record<Side, (frame: unknown) => boolean> = {
  client: ajv.compile(published.client),
  server: ajv.compile(published.server),
}
const frames: Record<Side, Frame[]> = { client: framesOf('client'), server: framesOf('server') }

for (const side of SIDES) {
  describe(`${side} messages with one value spoilt`, () => {
    for (const frame of frames[side]) {
      test(`${frame.type} is accepted or refused as by the original`, () => {
        const differing = [...spoilt(frame)].filter((mutant) => accepts(side, mutant) !== originalAccepts[side](mutant))
        expect(differing).toEqual([])
      })
    }
  })

  test(`${side} messages with several values spoilt are accepted or refused as by the original`, () => {
    const bases = [...frames[side], ...validSamples(side)]
    fc.assert(
      fc.property(anySpoilt(bases), (mutant) => {
        expect(accepts(side, mutant)).toBe(originalAccepts[side](mutant))
      }),
      { numRuns: 2000 },
    )
  })

  test(`the JSON Schema that we publish says the same about ${side} messages`, () => {
    const described = frames[side].filter(({ type }) => !HOOKS.includes(type))
    for (const frame of described) {
      for (const mutant of spoilt(frame)) expect(publishedAccepts[side](mutant)).toBe(accepts(side, mutant))
    }
  })
}

/** Hook bodies need only their required keys, so the other ones are not described at all. */
function withLenientHooks(schema: typeof clientSchema): object {
  const definitions = Object.entries(schema.$defs).map(([tag, definition]) => {
    if (!HOOKS.includes(tag) || !('properties' in definition)) return [tag, definition]
    const properties = Object.entries(definition.properties).filter(([key]) => definition.required.includes(key))
    return [tag, { ...definition, properties: Object.fromEntries(properties) }]
  })
  return { ...schema, $defs: Object.fromEntries(definitions) }
}

/** The full examples, without what the original does not know. */
function framesOf(side: Side): Frame[] {
  const known = tags[side].filter((tag) => !ADDED_TAGS[side].includes(tag))
  return known.map((tag) => JSON.parse(JSON.stringify(golden(side, tag)), (_, value) => withoutAdditions(value)))
}

function withoutAdditions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const additions = Object.entries(ADDITIONS).flatMap(([neighbour, keys]) => (neighbour in value ? keys : []))
  // Whole rows always had pictures, and whole sessions the one they were forked from; that a change may bring them is new.
  const isChange = !('id' in value)
  const ofRow = isChange && 'tool_output' in value ? ['images'] : []
  const ofSession = isChange && 'pending_approval' in value ? ['forked_from_session_id'] : []
  const added = [...additions, ...ofRow, ...ofSession]
  return Object.fromEntries(Object.entries(value).filter(([key]) => !added.includes(key)))
}

function validSamples(side: Side): Frame[] {
  return keptFrames('samples.jsonl')
    .filter((sample) => sample.side === side && sample.valid)
    .map(({ frame }) => frame)
}
