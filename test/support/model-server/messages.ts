/** The part of the Anthropic Messages API that Claude Code uses, as far as the scripted server looks at it. */
import { z } from 'zod'

const TextBlock = z.looseObject({ type: z.literal('text'), text: z.string() })
const Content = z.union([z.string(), z.array(z.union([TextBlock, z.looseObject({ type: z.string() })]))])

/** What a request body says; everything else passes unread. */
export const MessagesRequest = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  system: Content.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })),
  output_config: z
    .looseObject({
      effort: z.string(),
      format: z.looseObject({
        type: z.string(),
        schema: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }).optional(),
      }),
    })
    .partial()
    .optional(),
})
export type MessagesRequest = z.infer<typeof MessagesRequest>

export type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }

export interface Usage {
  readonly input_tokens: number
  readonly cache_creation_input_tokens: number
  readonly cache_read_input_tokens: number
  readonly output_tokens: number
}

/** A whole answer of the model. */
export interface ModelMessage {
  readonly id: string
  readonly model: string
  readonly content: readonly ContentBlock[]
  readonly stopReason: 'end_turn' | 'tool_use' | 'max_tokens'
  readonly usage: Usage
}

/** The text of a message, its other blocks left out. */
export function textOf(content: z.infer<typeof Content> | undefined): string {
  if (content === undefined) return ''
  if (typeof content === 'string') return content
  return content.flatMap((block) => ('text' in block && typeof block.text === 'string' ? [block.text] : [])).join('\n')
}

/** What was said so far, as the model is told: prompts that name a script, and texts of the model; oldest first. */
export function saidIn({ messages }: MessagesRequest): string[] {
  return messages.flatMap(({ role, content }) =>
    textsOf(content)
      .filter((text) => role === 'assistant' || text.startsWith('[s:'))
      .map((text) => `${role}: ${text}`),
  )
}

function textsOf(content: z.infer<typeof Content>): string[] {
  if (typeof content === 'string') return [content]
  return content.flatMap((block) => ('text' in block && typeof block.text === 'string' ? [block.text] : []))
}
