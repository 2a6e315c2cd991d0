/** Claude's settings.json: read with errors that people understand, replaced in one step. */
import {
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isJsonObject, type JsonObject } from '../lib/json.ts'
import { replaceFile } from '../lib/replace-file.ts'
import { fileError, InstallError } from './install-error.ts'
import { checkJson, JsonSyntaxError } from './json-text.ts'

const BYTE_ORDER_MARK = '\uFEFF'
const EMPTY = '{}\n'
const UNTOUCHED = 'Nothing was changed.'
const BY_HAND = 'To add the hooks by hand: orbitdock-server install-hooks --print'

export interface Settings {
  /** Without a byte order mark. */
  readonly text: string
  readonly hooks: JsonObject
}

/** The settings at a path; those of a file that does not exist are empty. Throws InstallError, naming line and column. */
export function readSettings(path: string): Settings {
  const text = readText(path)
  try {
    checkJson(text)
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new InstallError(syntaxMessage(path, text, error.offset))
    throw error
  }
  const settings: unknown = JSON.parse(text)
  if (!isJsonObject(settings)) throw new InstallError(`${path} holds no JSON object. ${UNTOUCHED}`)
  const { hooks = {} } = settings
  if (!isJsonObject(hooks))
    throw new InstallError(`"hooks" in ${path} is no object, as Claude Code wants. ${UNTOUCHED}`)
  const odd = Object.keys(hooks).find((event) => !Array.isArray(hooks[event]))
  if (odd) throw new InstallError(`"hooks.${odd}" in ${path} is no list, as Claude Code wants. ${UNTOUCHED}`)
  return { text, hooks }
}

/**
 * Replaces the settings at once and keeps their mode; through a link, the file behind it.
 * Returns the path of the copy that was made of the first version ever replaced, or undefined when there is one. Throws InstallError.
 */
export function writeSettings(path: string, text: string): string | undefined {
  const target = behindLink(path)
  let backup: string | undefined
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    const exists = existsSync(target)
    backup = exists ? backUp(path) : undefined
    replaceFile(target, text, exists ? statSync(target).mode & 0o777 : 0o600)
    return backup
  } catch (error) {
    if (backup) rmSync(backup, { force: true })
    const { message } = fileError('write', target, error)
    const link = target === path ? '' : ` (${path} is a link to it.)`
    throw new InstallError(`${message}${link} ${UNTOUCHED} ${BY_HAND}`, { cause: error })
  }
}

function readText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8')
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text.trim() === '' ? EMPTY : text
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY
    throw fileError('read', path, error)
  }
}

function syntaxMessage(path: string, text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
  const comment = /^\/[/*]/.test(text.slice(offset))
    ? 'a comment, with which Claude Code ignores the whole file'
    : 'not valid JSON'
  return `Cannot read ${path}: ${place} is ${comment}. Correct it and run this command again. ${UNTOUCHED}`
}

/** Where a link leads, also when nothing is there yet. */
function behindLink(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
  return isLink ? behindLink(resolve(dirname(path), readlinkSync(path))) : path
}

function backUp(path: string): string | undefined {
  const backup = `${path}.bak`
  if (existsSync(backup)) return undefined
  copyFileSync(path, backup, constants.COPYFILE_EXCL)
  return backup
}
