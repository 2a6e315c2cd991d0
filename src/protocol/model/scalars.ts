/** Numbers and times as the wire writes them. */
import { z } from 'zod'

/** An integer of any size; JSON has no bound, so values past 2^53 are accepted as the nearest number. */
export const i64 = z.number().refine(Number.isInteger, 'Invalid input: expected an integer').meta({ type: 'integer' })
/** A count or revision: an integer from 0. */
export const u64 = i64.min(0)
/** An integer from 0 to 4294967295. */
export const u32 = z.uint32()
/** An integer from -2147483648 to 2147483647. */
export const i32 = z.int32()

/** Any JSON value, null included, but not nothing. */
export const anyJson = z.unknown().nonoptional()

/** `1771700000Z` (Unix seconds) or ISO 8601 in UTC; `0` where a transcript row has no time. */
export const Timestamp = z
  .string()
  .meta({ id: 'Timestamp', description: 'Unix seconds followed by Z (1771700000Z), or ISO 8601 in UTC.' })

/** Unix seconds followed by Z: the only form that OrbitDock.app understands in a `session_delta`. */
export const UnixZ = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?Z?$/)
  .meta({ id: 'UnixZ', description: 'Unix seconds followed by Z (1771700000Z).' })
