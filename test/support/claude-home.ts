/** A home directory in which the real Claude Code starts offline, without questions, against the scripted model. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const API_KEY = 'sk-ant-scripted-0000000000000000000000000000000000000000'
/** Claude remembers the keys that a person approved by their last characters. */
const KEY_SUFFIX_CHARS = 20

export class ClaudeHome {
  readonly home: string
  /** The git-less directory that Claude works in. */
  readonly project: string
  /** The data directory of the server. */
  readonly data: string
  readonly #root: string

  constructor() {
    this.#root = realpathSync(mkdtempSync(join(tmpdir(), 'orbitdock-')))
    this.home = join(this.#root, 'home')
    this.project = join(this.#root, 'project')
    this.data = join(this.home, '.orbitdock')
    mkdirSync(join(this.home, '.claude'), { recursive: true })
    mkdirSync(this.project)
    writeFileSync(join(this.project, 'README.md'), '# A project\n')
    writeFileSync(join(this.project, 'notes.txt'), 'line one\nline two\n')
    writeFileSync(join(this.home, '.claude.json'), JSON.stringify(this.#answeredOnboarding()))
  }

  /** The environment for Claude: nothing of the caller's but its search path, and no way out to the network. */
  env(modelUrl: string): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: this.home,
      LANG: 'C.UTF-8',
      SHELL: '/bin/sh',
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: API_KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // Without a limit a refused request is repeated for minutes.
      CLAUDE_CODE_MAX_RETRIES: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_TELEMETRY: '1',
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 5 })
  }

  /** Answers to what Claude asks at its first start: theme, key, trust in the directory. */
  #answeredOnboarding(): object {
    return {
      hasCompletedOnboarding: true,
      lastOnboardingVersion: '9.9.9',
      theme: 'dark',
      numStartups: 3,
      customApiKeyResponses: { approved: [API_KEY.slice(-KEY_SUFFIX_CHARS)], rejected: [] },
      projects: { [this.project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
    }
  }
}
