/** Ways to spoil a frame. */
import fc from 'fast-check'
import type { Frame } from './wire.ts'

type Path = readonly (string | number)[]

const REMOVED = Symbol('removed')
/** At least one value of every kind, and the edges of every range of the wire. */
const OTHER_VALUES: readonly unknown[] = [
  REMOVED,
  null,
  true,
  '',
  'x',
  '17Z',
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 32,
  1e300,
  [],
  [null],
  ['x'],
  [1],
  {},
  { x: 1 },
  { type: 'api_key' },
  { state: 'ready' },
]

/** The frame with each of its values removed, or replaced by every other kind of value. */
export function* spoilt(frame: Frame): Generator<unknown> {
  for (const path of pathsOf(frame)) for (const value of OTHER_VALUES) yield withValue(frame, path, value)
}

/** One of the frames with up to four of its values removed, or replaced by any JSON. */
export function anySpoilt(frames: readonly Frame[]): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(...OTHER_VALUES), fc.jsonValue({ maxDepth: 2 })))
  return fc
    .tuple(fc.constantFrom(...frames), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([frame, changes]) =>
      changes.reduce<unknown>((spoiltSoFar, [at, value]) => {
        const paths = pathsOf(spoiltSoFar)
        return withValue(spoiltSoFar, paths[at % paths.length] ?? [], value)
      }, frame),
    )
}

/** Every place inside a JSON value. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  const keys: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return keys.flatMap((key) => [[...path, key], ...pathsOf(Reflect.get(value, key), [...path, key])])
}

/** A copy with one place changed. */
export function withValue(frame: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(frame)
  const last = path.at(-1)
  let place: unknown = copy
  for (const key of path.slice(0, -1)) place = Reflect.get(Object(place), key)
  if (typeof place !== 'object' || place === null || last === undefined) return copy
  if (value === REMOVED) Reflect.deleteProperty(place, last)
  else Reflect.set(place, last, value)
  return copy
}
