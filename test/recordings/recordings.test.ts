/** Every recorded session, told to a server from its beginning to its end. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { nameHost } from '../support/fake-claude-process.ts'
import { LocalServer } from '../support/local-server.ts'
import { type EndState, textOf } from './end-state.ts'
import { Player } from './played.ts'
import { ServedScenario } from './replayed.ts'
import { joined, momentsOf, type Scenario, scenarioOf, scenarios } from './scenario.ts'

/** Milliseconds without a hook or a line after which everything so far has been shown. */
const PAUSE_MS = 500
const TIMEOUT_MS = 20_000

/** One session that was left, resumed, forked and continued, in this order. */
const chain = ['i-plain', 'i-resume', 'i-fork', 'i-continue']

let server: LocalServer

async function started(): Promise<LocalServer> {
  const fresh = await LocalServer.start()
  nameHost(fresh.home)
  return fresh
}

beforeAll(async () => {
  server = await started()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Compares with the rules at every pause, and returns what is left in the end. */
async function shown(at: LocalServer, scenario: Scenario): Promise<readonly EndState[]> {
  const served = await ServedScenario.begin(at, scenario)
  const player = new Player(scenario)
  const moments = momentsOf(scenario)
  for (const [index, moment] of moments.entries()) {
    player.play(moment)
    await served.play(moment)
    const next = moments[index + 1]
    if (!next || next.atMs - moment.atMs < PAUSE_MS) continue
    const expected = player.replay.endStates()
    expect(told(await served.states(expected))).toBe(told(expected))
  }
  await served.end()
  const expected = player.end().endStates()
  const states = await served.states(expected)
  expect(told(states)).toBe(told(expected))
  return states
}

describe('a recorded session is shown as it was, at every pause and in the end', () => {
  test.each(
    scenarios.filter(({ name }) => !chain.includes(name)).map((scenario) => [scenario.name, scenario] as const),
  )(
    '%s',
    async (_, scenario) => {
      expect(told(await shown(server, scenario))).toMatchSnapshot()
    },
    TIMEOUT_MS,
  )

  test.each(chain)(
    '%s, seen for the first time',
    async (name) => {
      await using fresh = await started()
      expect(told(await shown(fresh, scenarioOf(name)))).toMatchSnapshot()
    },
    TIMEOUT_MS,
  )
})

test(
  'a session that is left, resumed, forked and continued is two sessions, each with all of its rows',
  async () => {
    expect(told(await shown(server, joined(chain)))).toMatchSnapshot()
  },
  TIMEOUT_MS,
)

function told(states: readonly EndState[]): string {
  return `\n${states.map(textOf).join('\n\n')}\n`
}
