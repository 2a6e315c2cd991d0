/** Builds the server from its parts, and stops them in the opposite order. */
import { ActorPool, type PoolListener } from './actors/actor-pool.ts'
import type { HostOptions } from './actors/host.ts'
import { type Config, effectiveBind } from './config.ts'
import { createApp } from './gateway/app.ts'
import { Gateway } from './gateway/gateway.ts'
import { HeldPosts } from './gateway/held-posts.ts'
import { apply, hookRoute } from './gateway/hook-route.ts'
import { Hub } from './gateway/hub.ts'
import { imageResponse } from './gateway/image-route.ts'
import { PeerCheck } from './gateway/peer.ts'
import { SessionList } from './gateway/session-list.ts'
import { Spool } from './gateway/spool.ts'
import { storedSummaries } from './gateway/stored-summaries.ts'
import { inspectHookScript } from './install/hook-state.ts'
import { type BindAddress, formatAddress, isLoopback } from './lib/bind-address.ts'
import type { DataPaths } from './lib/data-paths.ts'
import type { Log } from './lib/log.ts'
import { LogFile } from './lib/log-file.ts'
import { version } from './lib/version.ts'
import { PROTOCOL_VERSION } from './protocol/version.ts'
import { lockDataDir } from './store/data-dir-lock.ts'
import { LazyReader } from './store/lazy-reader.ts'
import { removePidFile, writePidFile } from './store/pid-file.ts'
import { StoreLink } from './store/store-link.ts'
import type { Threads } from './threads.ts'

export interface RunningServer {
  /** Where it serves, as `http://host:port`. */
  readonly url: string
  /** Lets open work finish, stores everything, and closes what it opened. */
  stop(reason?: string): Promise<void>
  /** Settles only when the server cannot go on. */
  readonly failed: Promise<Error>
}

/**
 * Starts serving. Rejects with ConfigError, StorageError, DataDirLockedError or the system's error about the address;
 * what was opened until then is closed again. `threads` replaces those that the configuration asks for.
 */
export async function startServer(config: Config, threads?: Threads): Promise<RunningServer> {
  const bind = effectiveBind(config)
  // Before the log: another server that runs on this directory is writing to it.
  const lock = lockDataDir(config.paths)
  const log = new LogFile(config.log)
  const closers = new Closers()
  closers.add(() => lock.release())
  try {
    log.info('server.starting', { version, data_dir: config.dataDir, workers: config.workers })
    const running = await open({ config, bind, log, closers, threads: threads ?? (await threadsFor(config.workers)) })
    log.info('server.listening', { address: running.address })
    return {
      url: `http://${running.address}`,
      failed: running.failed,
      stop: async (reason = 'asked') => {
        log.info('server.shutdown', { reason })
        await closers.close()
        await log.close()
      },
    }
  } catch (error) {
    await closers.close()
    await log.close()
    throw error
  }
}

/** What has to be closed, latest first. */
class Closers {
  readonly #closers: (() => void | Promise<void>)[] = []

  add(close: () => void | Promise<void>): void {
    this.#closers.push(close)
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close()
  }
}

interface Opening {
  readonly config: Config
  readonly bind: BindAddress & { readonly warning?: string }
  readonly log: Log
  readonly closers: Closers
  readonly threads: Threads
}

/** Where the words of the hosts go. */
function listenerOf(hub: Hub, list: SessionList, held: HeldPosts): PoolListener {
  return {
    frame: (sessionId, revision, frame, onList) => hub.frame(sessionId, revision, frame, onList),
    list: (sessionId, frame) => hub.list(sessionId, frame),
    summary: (sessionId, activity, summary) => list.put({ sessionId, activity, summary }),
    forget: () => {},
    answer: (eventId, answer) => held.answer(eventId, answer),
    replaced: (isOfHost) => held.askAgain(isOfHost),
  }
}

async function open({ config, bind, log, closers, threads }: Opening) {
  const { paths } = config
  const failure = Promise.withResolvers<Error>()
  const store = new StoreLink({
    startThread: () => threads.store(),
    options: JSON.stringify({ path: paths.database, synchronous: config.synchronous, version }),
    log: (level, event, fields) => logAt(log, level, event, fields),
    died: (reason) => log.error('store.thread.died', { reason }),
  })
  const reader = new LazyReader(paths.database)
  const hub = new Hub()
  const list = new SessionList(() => storedSummaries(reader.get()))
  const held: HeldPosts = new HeldPosts((sessionId, eventId) => pool.lost(sessionId, eventId))
  const hostOptions: Omit<HostOptions, 'shard'> = {
    databasePath: paths.database,
    imagesPath: paths.images,
    transcriptRoots: config.claudeDirs,
    home: config.home,
    claudeBin: config.claudeBin,
    claudeConfigDir: config.claudeDirs[0] ?? '',
    hostIdPath: paths.hostId,
  }
  const pool = new ActorPool({
    hosts: Math.max(1, config.workers),
    startThread: () => threads.actors(),
    silenceMs: threads.silenceMs,
    options: (shard) => JSON.stringify({ ...hostOptions, shard } satisfies HostOptions),
    store,
    log,
    hopeless: (reason) => failure.resolve(new Error(`The threads of sessions cannot be started: ${reason}`)),
    listener: listenerOf(hub, list, held),
  })
  closers.add(() => reader.close())
  closers.add(() => store.close())
  closers.add(() => pool.close())
  await store.open()

  const spool = new Spool(paths.spool, async (body) => (await apply({ pool, held }, body, undefined)).status, log)
  closers.add(() => spool.stop())
  let port = bind.port
  const gateway = new Gateway({
    app: createApp({
      version,
      warnings: () =>
        [bind.warning, store.failure, hookScriptWarning(paths)].filter((text) => typeof text === 'string'),
      hook: hookRoute({ pool, store, held, spool }),
      image: (sessionId, name) => imageResponse(paths.images, sessionId, name),
      log,
    }),
    hub,
    pool,
    store,
    reader: () => reader.get(),
    handlers: { list, home: config.home, openAiKey: paths.openAiKey },
    rules: {
      authToken: config.authToken,
      authTokenFile: paths.authToken,
      host: bind.host,
      allowedHosts: config.allowedHosts,
      allowedOrigins: config.allowedOrigins,
      peer: peerCheck(config, bind, () => port),
    },
    bind,
    socketFile: paths.socket,
    hello: { type: 'hello', version, protocol_version: PROTOCOL_VERSION },
  })
  await spool.start()
  pool.watch()
  port = gateway.listen()
  closers.add(() => gateway.close())
  closers.add(() => held.close())
  const address = formatAddress({ host: bind.host, port })
  writePidFile(paths.pidFile, address)
  closers.add(() => removePidFile(paths.pidFile))
  return { address, failed: failure.promise }
}

/** An upgrade replaces the server, and leaves the hook script to `init`. */
function hookScriptWarning(paths: DataPaths): string | null {
  const { state, serverUrl } = inspectHookScript(paths)
  if (state !== 'outdated' || serverUrl !== null) return null
  return `The hook script is of another version. Run "orbitdock-server init" and "orbitdock-server install-hooks".`
}

async function threadsFor(workers: number): Promise<Threads> {
  const { localThreads, workerThreads } = await import('./threads.ts')
  if (workers > 0) return workerThreads
  const [{ runHost }, { runStoreHost }] = await Promise.all([
    import('./actors/host.ts'),
    import('./store/store-host.ts'),
  ])
  return localThreads(runHost, runStoreHost)
}

/** Only Linux tells whose socket a peer has. */
function peerCheck({ allowOtherUsers }: Config, { host }: BindAddress, port: () => number): PeerCheck | undefined {
  const uid = process.getuid?.()
  if (allowOtherUsers || process.platform !== 'linux' || uid === undefined || !isLoopback(host)) return undefined
  return new PeerCheck(uid, port)
}

function logAt(log: Log, level: string, event: string, fields: string): void {
  if (level === 'error' || level === 'warn' || level === 'info' || level === 'debug')
    log[level](event, JSON.parse(fields))
}
