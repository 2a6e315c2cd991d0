/** The scenario files are sound: known steps, known messages, no variable without a source. */
import { describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { FRAMES, type Shape } from '../app-frames.ts'
import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { loadScenarios, select } from '../lib/load.ts'
import type { Step } from '../lib/scenario.ts'

const directory = join(import.meta.dir, '..', 'scenarios')
const scenarios = loadScenarios(readdirSync(directory).map((name) => join(directory, name)))
const allSteps = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => ('steps' in step ? [step, ...allSteps(step.steps)] : [step]))

/** Every message a client of the app can send. */
const CLIENT_MESSAGES = `subscribe_list subscribe_session unsubscribe_session send_message approve_tool answer_question
  interrupt_session end_session update_session_config rename_session create_session resume_session fork_session list_approvals
  delete_approval list_models codex_account_read codex_login_chatgpt_start codex_login_chatgpt_cancel codex_account_logout
  list_skills list_remote_skills download_remote_skill list_mcp_tools refresh_mcp_servers set_open_ai_key steer_turn
  compact_context undo_last_turn rollback_turns create_review_comment update_review_comment delete_review_comment
  list_review_comments claude_session_start claude_session_end claude_status_event claude_tool_event get_subagent_tools
  claude_subagent_event execute_shell browse_directory list_recent_projects`.split(/\s+/)

describe('scenarios', () => {
  test('there are 105', () => expect(scenarios).toHaveLength(105))

  test('every client message is sent somewhere', () => {
    const steps = scenarios.flatMap((scenario) => allSteps(scenario.steps))
    const sent = new Set(
      steps.flatMap((step) => (step.op === 'send' || step.op === 'hook' ? [String(step.json.type)] : [])),
    )
    expect(CLIENT_MESSAGES.filter((type) => !sent.has(type))).toEqual([])
    expect([...sent].filter((type) => !CLIENT_MESSAGES.includes(type))).toEqual([])
  })

  test('expected frames use only keys the app knows', () => {
    const unknown = scenarios.flatMap(({ id, steps }) =>
      allSteps(steps).flatMap((step) => unknownKeys(step).map((key) => `${id}: ${key}`)),
    )
    expect(unknown).toEqual([])
  })

  test('selection by id, area and level', () => {
    const ids = (selection: { only?: string[]; area?: string; level?: string }) =>
      select(scenarios, { only: [], ...selection }).map(({ id }) => id)
    expect(ids({ only: ['A01', 'b0*'] })).toEqual(expect.arrayContaining(['A01', 'B01', 'B06']))
    expect(ids({ area: 'fork' })).toEqual(['H14', 'H15', 'H16'])
    expect(ids({ only: ['A*'], level: 'should' })).not.toContain('A01')
  })
})

function unknownKeys(step: Step): string[] {
  if (!('match' in step) || !('to' in step)) return []
  return [step.match].flat().flatMap((match) => {
    const shape = isObject(match) ? FRAMES[String(match.type)] : undefined
    return isObject(match) && shape ? strangers(shape, match, String(match.type)) : []
  })
}

function strangers(shape: Shape, pattern: Json, path: string): string[] {
  if (Array.isArray(pattern))
    return shape.kind === 'array' ? pattern.flatMap((item) => strangers(shape.of, item, `${path}[]`)) : []
  if (!isObject(pattern) || Object.keys(pattern).some((key) => key.startsWith('$'))) return []
  if (shape.kind === 'map') return Object.values(pattern).flatMap((item) => strangers(shape.of, item, `${path}{}`))
  if (shape.kind !== 'object') return []
  const fields = { ...shape.required, ...shape.optional }
  return Object.entries(pattern as JsonObject).flatMap(([key, value]) => {
    if (!path.includes('.') && (key === 'type' || key === 'revision')) return []
    const field = fields[key]
    return field ? strangers(field, value, `${path}.${key}`) : [`${path}.${key}`]
  })
}
