/** A WebSocket client that keeps every frame, waits for frames, and knows what a person would see. */
import type { z } from 'zod'
import type { ClientMessage } from '../../src/protocol/client/index.ts'
import type { SessionState, SessionSummary } from '../../src/protocol/model/session.ts'
import { ServerMessage } from '../../src/protocol/server/index.ts'
import { viewOf } from './session-view.ts'
import { Changes, within } from './within.ts'

type FrameOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { readonly type: Type }>

const PATIENCE_MS = 15_000
/** Frames that a failure shows. */
const FRAMES_SHOWN = 12
/** Characters that a failure shows of a frame. */
const FRAME_CHARS_SHOWN = 240

export class TestClient {
  /** Everything received, oldest first; every frame fits the schemas. */
  readonly frames: ServerMessage[] = []
  readonly #socket: WebSocket
  readonly #changes = new Changes()
  /** The first frame that `expect` has not looked at. */
  #cursor = 0
  #failure: Error | undefined

  private constructor(url: string) {
    this.#socket = new WebSocket(url)
    this.#socket.onmessage = ({ data }) => this.#receive(String(data))
    this.#socket.onclose = () => this.#changes.announce()
  }

  /** @param url of the socket: `ws://127.0.0.1:4000/ws` */
  static async connect(url: string): Promise<TestClient> {
    const client = new TestClient(url)
    const opened = new Promise<void>((done, fail) => {
      client.#socket.onopen = () => done()
      client.#socket.onerror = () => fail(new Error(`no connection to ${url}`))
    })
    await within(PATIENCE_MS, opened, () => `${url} did not answer`)
    return client
  }

  send(message: z.input<typeof ClientMessage>): void {
    this.#socket.send(JSON.stringify(message))
  }

  /** The next frame of a type, optionally one that `fits`; the next `expect` looks behind it. */
  async expect<Type extends ServerMessage['type']>(
    type: Type,
    fits: (frame: FrameOf<Type>) => boolean = () => true,
    ms = PATIENCE_MS,
  ): Promise<FrameOf<Type>> {
    const isWanted = (frame: ServerMessage): frame is FrameOf<Type> =>
      frame.type === type && fits(frame as FrameOf<Type>)
    const find = () => {
      const at = this.frames.findIndex((frame, index) => index >= this.#cursor && isWanted(frame))
      const frame = this.frames[at]
      if (!frame || !isWanted(frame)) return undefined
      this.#cursor = at + 1
      return frame
    }
    return this.#until(find, ms, `no ${type} came`)
  }

  /** Follows the list; answers with the sessions it holds. */
  async followList(): Promise<readonly SessionSummary[]> {
    this.send({ type: 'subscribe_list' })
    return (await this.expect('sessions_list')).sessions
  }

  /** Follows a session; answers with the state it was in. */
  async follow(sessionId: string): Promise<SessionState> {
    this.send({ type: 'subscribe_session', session_id: sessionId })
    return (await this.expect('session_snapshot', ({ session }) => session.id === sessionId)).session
  }

  /** What a person sees of a session that is followed. */
  view(sessionId: string): SessionState {
    const view = viewOf(this.frames, sessionId)
    if (!view) throw new Error(`session ${sessionId} is not followed`)
    return view
  }

  /** Waits until what a person sees is as `isRight` wants it. */
  waitForView(
    sessionId: string,
    wish: string,
    isRight: (view: SessionState) => boolean,
    ms = PATIENCE_MS,
  ): Promise<SessionState> {
    const find = () => {
      const view = this.view(sessionId)
      return isRight(view) ? view : undefined
    }
    return this.#until(find, ms, `session ${sessionId} never came to ${wish}`)
  }

  /** Waits until the server has closed the connection. */
  closed(ms = PATIENCE_MS): Promise<true> {
    const find = () => (this.#socket.readyState === WebSocket.CLOSED ? true : undefined)
    return this.#changes.until(find, ms, () => 'the connection is still open')
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }

  #receive(text: string): void {
    const result = ServerMessage.safeParse(JSON.parse(text))
    if (result.success) this.frames.push(result.data)
    else this.#failure = new Error(`a frame does not fit the schemas: ${text}\n${result.error.message}`)
    this.#changes.announce()
  }

  #until<T>(find: () => T | undefined, ms: number, complaint: string): Promise<T> {
    const check = () => {
      if (this.#failure) throw this.#failure
      const found = find()
      if (found === undefined && this.#socket.readyState === WebSocket.CLOSED) {
        throw new Error(`${complaint}, and the connection is closed. ${this.#recent()}`)
      }
      return found
    }
    return this.#changes.until(check, ms, () => `${complaint}. ${this.#recent()}`)
  }

  #recent(): string {
    const lines = this.frames.slice(-FRAMES_SHOWN).map((frame) => JSON.stringify(frame).slice(0, FRAME_CHARS_SHOWN))
    return `The last of ${this.frames.length} frames:\n${lines.join('\n')}\n---`
  }
}
