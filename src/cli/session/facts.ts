/** `session context`, `models`: what Claude Code tells of itself. */
import { type ArgsDef, defineCommand } from 'citty'
import { clientOptions } from '../options.ts'
import { print } from '../terminal.ts'
import { cell, clean, jsonLine } from '../terminal-text.ts'
import { runWithClient } from './client-command.ts'
import { ask } from './deliver.ts'
import { findSessionId } from './find-session.ts'
import { sessionArgument } from './session-argument.ts'

const NAME_COLUMNS = 28
const COUNT_COLUMNS = 12

const options = { ...sessionArgument, ...clientOptions } as const satisfies ArgsDef

export const context = defineCommand({
  meta: { name: 'context', description: 'Show what fills the context of a running Claude' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      const usage = await ask(client, { type: 'get_context_usage', session_id: sessionId }, (frame) =>
        frame.type === 'context_usage' && frame.session_id === sessionId ? frame : undefined,
      )
      const { model, total_tokens, max_tokens, categories } = usage
      if (json) {
        print(jsonLine({ session_id: sessionId, model, total_tokens, max_tokens, categories }))
        return undefined
      }
      const share = max_tokens > 0 ? ` (${Math.round((total_tokens / max_tokens) * 100)} %)` : ''
      print(`${count(total_tokens)} of ${count(max_tokens)} tokens${share}, ${clean(model ?? 'unknown model')}`)
      for (const { name, tokens } of categories)
        print(`${cell(name, NAME_COLUMNS)} ${count(tokens).padStart(COUNT_COLUMNS)}`)
      return undefined
    }),
})

export const models = defineCommand({
  meta: { name: 'models', description: 'Show the models that the Claude of a session offers' },
  args: options,
  run: ({ args }) =>
    runWithClient(args, async ({ client, json }) => {
      const sessionId = await findSessionId(client, args.id)
      const offered = await ask(client, { type: 'list_claude_models', session_id: sessionId }, (frame) =>
        frame.type === 'claude_models_list' && frame.session_id === sessionId ? frame.models : undefined,
      )
      if (json) print(jsonLine({ session_id: sessionId, models: offered }))
      else if (offered.length === 0) print('The Claude of this session has not told its models; it must have run once.')
      else
        for (const { value, display_name, supported_efforts } of offered)
          print(
            `${cell(value, NAME_COLUMNS)} ${cell(display_name, NAME_COLUMNS)} ${supported_efforts.map(clean).join(' ')}`,
          )
      return undefined
    }),
})

function count(tokens: number): string {
  return tokens.toLocaleString('en-US')
}
