/** Lists that have to fit into one frame. */

/** The first items whose JSON array has at most `bytesMax` bytes. */
export function withinBytes<Item>(items: readonly Item[], bytesMax: number): readonly Item[] {
  let bytes = 2
  const end = items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1
    return bytes > bytesMax
  })
  return end === -1 ? items : items.slice(0, end)
}
