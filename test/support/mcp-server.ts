/** An MCP server over standard input and output, with two tools. `--broken`: it leaves at once. `--slow FILE`: it waits for a file. */
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

interface Request {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly protocolVersion?: string }
}

const TOOLS = [
  { name: 'add', description: 'Adds two numbers', inputSchema: { type: 'object', properties: {} } },
  { name: 'ask', description: 'Asks for a name', inputSchema: { type: 'object', properties: {} } },
]

const results: Readonly<Record<string, (request: Request) => object>> = {
  initialize: ({ params }) => ({
    protocolVersion: params?.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'demo', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: TOOLS }),
}

const [flag, file] = process.argv.slice(2)
if (flag === '--broken') process.exit(3)
while (flag === '--slow' && file !== undefined && !existsSync(file)) await Bun.sleep(20)

for await (const line of createInterface({ input: process.stdin })) {
  const request: Request = JSON.parse(line)
  if (request.id === undefined || request.method === undefined) continue
  const result = results[request.method]?.(request) ?? {}
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, result })}\n`)
}
