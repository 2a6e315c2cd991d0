/** Runs what people want run beside their agents, in the directories of their sessions. */
import { resolve } from 'node:path'
import { SHELL_SHOWN_BYTES_MAX, SHELL_UPDATE_GAP_MS } from '../lib/limits.ts'
import type { ShellAction } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'
import type { Actor } from './actor.ts'
import type { HostOutlet } from './host-outlet.ts'
import { shellEnvironment } from './shell-environment.ts'
import { ShellProcess, type ShellResult } from './shell-process.ts'

type Run = Extract<ShellAction, { do: 'run' }>

/** A command from the moment it is asked for. */
interface Running {
  readonly actor: Actor
  /** Who asked. */
  readonly sender: number
  readonly action: Run
  /** Undefined until the row of the command is stored. */
  process: ShellProcess | undefined
  /** Why it shall end. */
  stopped: string | undefined
  /** Settles when its end has been told. */
  over: Promise<void>
  /** Set while there is output to show. */
  timer: ReturnType<typeof setTimeout> | undefined
}

export class ShellDesk {
  readonly #outlet: HostOutlet
  readonly #clock: () => number
  /** By request id. */
  readonly #running = new Map<string, Running>()

  constructor(outlet: HostOutlet, clock: () => number) {
    this.#outlet = outlet
    this.#clock = clock
  }

  /** Does what a session wants of its shell. */
  act(actor: Actor, action: ShellAction, sender: number): void {
    if (action.do === 'run') return this.#begin(actor, action, sender)
    const running = this.#running.get(action.requestId)
    if (!running) return
    running.stopped = 'Stopped: the session has ended.'
    running.process?.stop(running.stopped)
  }

  /** Ends every command; settles when that is told. */
  async close(): Promise<void> {
    const why = 'Stopped: the server stops.'
    const all = [...this.#running.values()]
    for (const running of all) {
      if (running.process) running.process.stop(why)
      else this.#finish(running, failed(why))
    }
    await Promise.all(all.map(({ over }) => over))
  }

  /** It starts when its row is stored: a message that is handed over again after a death must not run it twice. */
  #begin(actor: Actor, action: Run, sender: number): void {
    const running: Running = {
      actor,
      sender,
      action,
      process: undefined,
      stopped: undefined,
      over: Promise.resolve(),
      timer: undefined,
    }
    this.#running.set(action.requestId, running)
    this.#outlet.letter('attend', actor.id, sender)
    this.#outlet.touch(actor)
    this.#outlet.whenStored(() => this.#start(running))
  }

  #start(running: Running): void {
    const { actor, action, stopped } = running
    // The server has stopped in the meantime.
    if (!this.#running.has(action.requestId)) return
    if (stopped !== undefined) return this.#finish(running, failed(stopped))
    const { currentCwd, projectPath } = actor.state
    const cwd = resolve(currentCwd ?? projectPath, action.cwd ?? '')
    const { command, timeoutMs } = action
    const env = shellEnvironment(process.env)
    try {
      running.process = new ShellProcess({ command, cwd, env, timeoutMs, onOutput: () => this.#show(running) })
    } catch (error) {
      return this.#finish(running, failed(`Could not start the command in ${cwd}: ${reasonOf(error)}`))
    }
    running.over = running.process.ended.then((result) => this.#finish(running, result))
  }

  /** Shows what there is in a moment, together with what comes until then. */
  #show(running: Running): void {
    running.timer ??= setTimeout(() => {
      running.timer = undefined
      const output = running.process?.output(SHELL_SHOWN_BYTES_MAX)
      if (output) this.#apply(running, { type: 'shell_progressed', requestId: running.action.requestId, ...output })
    }, SHELL_UPDATE_GAP_MS)
  }

  #finish(running: Running, result: ShellResult): void {
    const { actor, sender, action } = running
    clearTimeout(running.timer)
    this.#running.delete(action.requestId)
    this.#apply(running, { type: 'shell_finished', requestId: action.requestId, ...result })
    this.#outlet.letter('over', actor.id, sender)
    this.#outlet.finish()
  }

  #apply({ actor, sender }: Running, event: SessionEvent): void {
    actor.apply({ from: 'agent', event }, this.#clock(), sender, this.#outlet)
    this.#outlet.touch(actor)
    this.#outlet.finish()
  }
}

/** The result of a command that did not run. */
function failed(stderr: string): ShellResult {
  return { stdout: '', stderr, exitCode: null, durationMs: 0 }
}

function reasonOf(error: unknown): string {
  const { code } = error as { code?: string }
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such directory.'
  return error instanceof Error ? error.message : 'unknown'
}
