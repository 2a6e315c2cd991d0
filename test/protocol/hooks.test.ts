import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HookMessage } from '../../src/protocol/client/index.ts'
import { type Frame, golden } from './wire.ts'

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  claude_session_start: ['session_id', 'cwd'],
  claude_session_end: ['session_id'],
  claude_status_event: ['session_id', 'hook_event_name'],
  claude_tool_event: ['session_id', 'cwd', 'hook_event_name', 'tool_name'],
  claude_subagent_event: ['session_id', 'hook_event_name', 'agent_id'],
}
/** Read as any JSON, so no type is wrong. */
const ANY_JSON = /^(effort|background_tasks|session_crons|tool_calls|tool_input|tool_response|permission_suggestions)$/

const HOOKS = join(import.meta.dir, '../recordings/claude/hooks')

for (const [tag, required] of Object.entries(REQUIRED)) {
  describe(tag, () => {
    const example = golden('client', tag)
    const optional = Object.keys(example).filter((key) => key !== 'type' && !required.includes(key))

    test('needs only its required keys', () => {
      const bare = Object.fromEntries(['type', ...required].map((key) => [key, example[key]]))
      expect(HookMessage.parse(bare)).toEqual(bare as HookMessage)
    })

    test('is refused when a required key is missing or spoilt', () => {
      for (const key of required) {
        for (const value of [undefined, null, 7, {}, ['x']]) {
          expect(HookMessage.safeParse({ ...example, [key]: value }).success).toBe(false)
        }
      }
    })

    test('drops an optional key of another type and keeps the rest', () => {
      for (const key of optional.filter((name) => !ANY_JSON.test(name))) {
        const { [key]: dropped, ...rest } = example
        for (const value of [null, [], {}, typeof dropped === 'string' ? 7 : 'seven']) {
          expect(HookMessage.parse({ ...example, [key]: value })).toEqual(rest as HookMessage)
        }
      }
    })
  })
}

describe('the model of a hook', () => {
  const start = { type: 'claude_session_start', session_id: 's-1', cwd: '/home/ada/shop' } as const

  test('may be an object with an id or a display name', () => {
    expect(HookMessage.parse({ ...start, model: { id: 'opus', display_name: 'Opus 4' } })).toEqual({
      ...start,
      model: 'opus',
    })
    expect(HookMessage.parse({ ...start, model: { display_name: 'Opus 4' } })).toEqual({ ...start, model: 'Opus 4' })
  })

  test('is dropped when it names none', () => {
    expect(HookMessage.parse({ ...start, model: { id: 7 } })).toEqual(start)
  })
})

describe('what Claude Code posted, recorded', () => {
  for (const file of new Bun.Glob('*.jsonl').scanSync(HOOKS)) {
    test(`loses no key that we declare (${file})`, () => {
      for (const line of readFileSync(join(HOOKS, file), 'utf8').trimEnd().split('\n')) {
        const body: Frame = { ...JSON.parse(line), type: tagFor(JSON.parse(line)) }
        const declared = Object.entries(body).filter(([key]) => key in golden('client', body.type))
        expect(HookMessage.parse(body)).toEqual(Object.fromEntries(declared) as HookMessage)
      }
    })
  }
})

/** As the installed hooks tag their events. */
function tagFor({ hook_event_name: event }: { readonly hook_event_name: string }): string {
  if (event === 'SessionStart') return 'claude_session_start'
  if (event === 'SessionEnd') return 'claude_session_end'
  if (/^(PreToolUse|PostToolUse|PostToolUseFailure|PermissionRequest)$/.test(event)) return 'claude_tool_event'
  return event.startsWith('Subagent') ? 'claude_subagent_event' : 'claude_status_event'
}
