/** The vocabulary of the wire: how a message is declared, and what a missing key or a null means. */
import { z } from 'zod'
import { u64 } from './model/scalars.ts'

/**
 * Declares one message: its tag, one sentence for the reference, its fields.
 * Keys that are not declared are tolerated and dropped, so that either side may be newer than the other.
 */
export function message<Tag extends string, Fields extends z.core.$ZodLooseShape>(
  tag: Tag,
  doc: string,
  fields: Fields,
) {
  return z.object({ type: z.literal(tag), ...fields }).meta({ title: tag, description: doc })
}

/** A message to the server. `command_id` asks for a `command_ack` once the message has been carried out and stored. */
export function request<Tag extends string, Fields extends z.core.$ZodLooseShape>(
  tag: Tag,
  doc: string,
  fields: Fields,
) {
  return message(tag, doc, { ...fields, command_id: optional(z.string()) })
}

/** A message from the server. `revision` is set on what goes to followers of a session. */
export function frame<Tag extends string, Fields extends z.core.$ZodLooseShape>(tag: Tag, doc: string, fields: Fields) {
  return message(tag, doc, { ...fields, revision: u64.optional() })
}

/** The tag that a declared message carries as `type`. */
export function tagOf(declared: z.ZodType): string {
  return z.string().parse(declared.meta()?.title)
}

/** A key that may be left out; null reads as left out. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional()
    .meta({ $comment: 'optional' })
}

/** A key that is always written, null when unset; left out reads as null. */
export function nullable<Schema extends z.ZodType>(schema: Schema) {
  return z._default(schema.nullable(), null).meta({ $comment: 'nullable' })
}

/** A key of a patch: left out keeps the value, null clears it. */
export function patch<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().meta({ $comment: 'patch' })
}

/** A key that is always written; left out or null reads as `value`. */
export function fallback<Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>) {
  return schema
    .nullish()
    .transform((given): z.output<Schema> => given ?? value)
    .meta({ $comment: `null reads as ${JSON.stringify(value)}` })
}

/** A key that never spoils its message: a value of another type reads as left out. */
export function lenient<Schema extends z.ZodType>(schema: Schema) {
  return optional(schema).catch(undefined).meta({ $comment: 'lenient' })
}

/** Values as they travel: readonly all the way down. */
export type Immutable<Value> = Value extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Immutable<Value[Key]> }
    : Value
