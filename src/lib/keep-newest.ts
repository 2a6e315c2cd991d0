/** Maps that forget their oldest entries. */

/** Puts an entry at the end of a map, and takes the oldest ones out until it has at most `max`. True when some had to go. */
export function keepNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, max: number): boolean {
  map.set(key, value)
  const size = map.size
  for (const oldest of map.keys()) {
    if (map.size <= max) break
    map.delete(oldest)
  }
  return map.size < size
}
