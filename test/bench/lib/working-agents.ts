/** Agents at work: each has a living process, a record of itself, hooks and a transcript, as Claude does. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { localProcesses } from '../../../src/liveness/local-processes.ts'
import { hookBody } from './payloads.ts'
import { isAccepted, PostConnection } from './post-connection.ts'
import type { BenchServer } from './subject.ts'
import { promptLine, spokenLine } from './transcript.ts'

/** As `init` names the machine. */
const HOST_ID = 'bench'
/** Sessions in one project. */
const EACH_PROJECT = 4

export interface WorkingAgent {
  readonly sessionId: string
  readonly cwd: string
  readonly transcript: string
  readonly process: Bun.Subprocess
}

/** Names the machine, so that processes count; before the server starts. */
export function nameHost({ dataDir }: BenchServer): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  writeFileSync(join(dataDir, 'host-id'), `${HOST_ID}\n`)
}

/** Agents that were all given a prompt and work on it; `end` them. */
export async function startAgents(server: BenchServer, prefix: string, count: number): Promise<WorkingAgent[]> {
  const connection = await PostConnection.open(server.port)
  const agents = Array.from({ length: count }, (_, index) => begin(server, `${prefix}-${index}`, index))
  for (const agent of agents) await post(connection, agent, 'UserPromptSubmit', { prompt: 'Do everything' })
  connection.close()
  return agents
}

/** Their turns are over; they wait for the next prompt. */
export async function rest(server: BenchServer, agents: readonly WorkingAgent[]): Promise<void> {
  const connection = await PostConnection.open(server.port)
  for (const agent of agents) {
    await post(connection, agent, 'Stop', { stop_hook_active: false, last_assistant_message: 'Done.' })
    note(server, agent, 'idle')
  }
  connection.close()
}

/** Its model says something, which only the transcript tells. */
export function speak(agent: WorkingAgent, text: string): void {
  appendFileSync(agent.transcript, spokenLine(agent, text))
}

export async function end(agents: readonly WorkingAgent[]): Promise<void> {
  for (const { process } of agents) process.kill()
  await Promise.all(agents.map(({ process }) => process.exited))
}

function begin(server: BenchServer, sessionId: string, index: number): WorkingAgent {
  const project = Math.floor(index / EACH_PROJECT)
  const directory = join(server.home, '.claude', 'projects', `-project-${project}`)
  mkdirSync(directory, { recursive: true })
  const cwd = join(server.home, `project-${project}`)
  mkdirSync(cwd, { recursive: true })
  const transcript = join(directory, `${sessionId}.jsonl`)
  const agent = { sessionId, cwd, transcript, process: Bun.spawn(['sleep', '600']) }
  appendFileSync(transcript, promptLine(agent, 'Do everything'))
  note(server, agent, 'busy')
  return agent
}

function note(
  { home }: BenchServer,
  { sessionId, cwd, process: { pid } }: WorkingAgent,
  status: 'busy' | 'idle',
): void {
  const directory = join(home, '.claude', 'sessions')
  mkdirSync(directory, { recursive: true })
  const at = Date.now()
  const times = { startedAt: at, updatedAt: at, statusUpdatedAt: at, procStart: localProcesses.start(pid) }
  const record = { pid, sessionId, cwd, status, ...times, version: '2.1.329', kind: 'interactive', entrypoint: 'cli' }
  writeFileSync(join(directory, `${pid}.json`), JSON.stringify(record))
}

async function post(
  connection: PostConnection,
  { sessionId, cwd, transcript, process: { pid } }: WorkingAgent,
  hook_event_name: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  const place = { session_id: sessionId, cwd, transcript_path: transcript, pid }
  const body = hookBody('claude_status_event', crypto.randomUUID(), { ...place, hook_event_name, ...facts })
  const status = await connection.post(body)
  if (!isAccepted(status)) throw new Error(`a post was answered with ${status}`)
}
