/** `claude -p` as somebody else's program drives it: text, or lines of JSON, over its standard input and output. */
import { Changes } from './within.ts'

export interface ClaudeProgramOptions {
  readonly binary: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
}

type Said = Readonly<Record<string, unknown>>

/** Arguments with which both directions are lines of JSON, and permissions are asked for there. */
export const JSON_LINES = [
  ...['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
  ...['--permission-prompt-tool', 'stdio'],
]
const PATIENCE_MS = 15_000

export class ClaudeProgram {
  readonly #process: Bun.Subprocess<'pipe', 'pipe', 'ignore'>
  readonly #changes = new Changes()
  readonly #lines: Said[] = []
  /** The first line that `says` has not looked at. */
  #cursor = 0

  constructor({ binary, cwd, env, args }: ClaudeProgramOptions) {
    this.#process = Bun.spawn([binary, '-p', ...args], { cwd, env, stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' })
    void this.#listen()
  }

  /** Writes text to its standard input. */
  write(text: string): void {
    this.#process.stdin.write(text)
    this.#process.stdin.flush()
  }

  /** Gives it a prompt as a line of JSON. */
  prompt(text: string): void {
    this.#send({ type: 'user', message: { role: 'user', content: text }, parent_tool_use_id: null, session_id: '' })
  }

  /** Answers the permission that it asked for with this line. */
  allow({ request_id, request }: Said): void {
    const input = (request as { input: unknown }).input
    this.#send({
      type: 'control_response',
      response: { subtype: 'success', request_id, response: { behavior: 'allow', updatedInput: input } },
    })
  }

  interrupt(): void {
    this.#send({ type: 'control_request', request_id: crypto.randomUUID(), request: { subtype: 'interrupt' } })
  }

  /** The next line of a type that it says; the next call looks behind it. */
  says(type: string): Promise<Said> {
    const find = () => {
      const at = this.#lines.findIndex((line, index) => index >= this.#cursor && line.type === type)
      if (at >= 0) this.#cursor = at + 1
      return this.#lines[at]
    }
    return this.#changes.until(find, PATIENCE_MS, () => `claude never said ${type}`)
  }

  /** Says that nothing more comes, and waits until it has left; the exit code. */
  async close(): Promise<number> {
    await this.#process.stdin.end()
    return this.#process.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL')
    await this.#process.exited
  }

  #send(line: Said): void {
    this.write(`${JSON.stringify(line)}\n`)
  }

  /** What is no JSON is the answer in words. */
  async #listen(): Promise<void> {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const bytes of this.#process.stdout) {
      const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#lines.push(line.startsWith('{') ? JSON.parse(line) : { type: 'text', text: line })
      this.#changes.announce()
    }
  }
}
