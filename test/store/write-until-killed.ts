/** Serves the store in this process, hands it rows without a pause, and prints every mark that it says is committed. */
import { writeSync } from 'node:fs'
import { localPair } from '../../src/lib/port.ts'
import { encodeRow } from '../../src/store/rows.ts'
import { runStoreHost } from '../../src/store/store-host.ts'
import { aMessage } from './builders.ts'

const AHEAD = 200

const [port, storePort] = localPair()
runStoreHost(storePort)
let handed = 0

const handOver = (until: number) => {
  while (handed < until) {
    const mark = ++handed
    const put = aMessage({ id: `s1:${mark}`, content: 'x'.repeat(500) })
    port.post(['rows', mark, encodeRow('s1', { table: 'messages', put, sequence: mark })])
  }
}

port.onMessage(([word, mark]) => {
  if (word === 'opened') {
    const put = { provider: 'claude', projectPath: '/repo' } as const
    port.post(['rows', 0, encodeRow('s1', { table: 'sessions', put })])
    handOver(AHEAD)
  }
  if (word === 'committed') {
    writeSync(1, `${mark}\n`)
    handOver(Number(mark) + AHEAD)
  }
})
port.post(['open', JSON.stringify({ path: process.argv[2] }), 0])
