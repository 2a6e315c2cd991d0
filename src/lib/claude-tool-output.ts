/** The structured results of Claude's tools as text for people; hooks and transcripts carry the same structures. */
import { countAt, isJsonObject, type JsonObject, jsonText, listAt, objectAt, objectsAt, textAt } from './json.ts'
import { type Hunk, patchText, unifiedDiff } from './unified-diff.ts'

/** Stands where a result is a picture; the picture itself travels beside the text. */
const IMAGE = '[image]'
/** Stands where a result is a document that text cannot show. */
const DOCUMENT = '[document]'

/**
 * What a tool gave back, readable: printed text, the content of a file, a diff, answers; JSON where nothing better
 * is known. Told by the shape of the result, so that tools of MCP servers and of later versions are served too.
 * Null when there is no result.
 */
export function readableOutput(result: unknown): string | null {
  if (result === null || result === undefined) return null
  if (typeof result === 'string') return result
  if (Array.isArray(result)) return blocksText(result)
  if (!isJsonObject(result)) return jsonText(result)
  for (const read of readings) {
    const text = read(result)
    if (text !== null) return text
  }
  return jsonText(result)
}

/** The text of content blocks, as the API and MCP servers write them. */
export function blocksText(blocks: readonly unknown[]): string {
  return blocks.map(blockText).join('\n')
}

type Reading = (result: JsonObject) => string | null

/** In this order, because some results have several of these keys. */
const readings: readonly Reading[] = [
  launched,
  printed,
  fileRead,
  fileChanged,
  cellChanged,
  answers,
  agentReport,
  found,
  plain,
]

/** What goes on in the background has printed nothing yet. */
function launched(result: JsonObject): string | null {
  const task =
    textAt(result, 'backgroundTaskId') ?? (result.status === 'async_launched' ? textAt(result, 'agentId') : null)
  return task === null ? null : `Running in the background as ${task}`
}

function printed(result: JsonObject): string | null {
  const { stdout, stderr } = result
  if (typeof stdout !== 'string') return null
  if (result.isImage === true) return IMAGE
  return [stdout, stderr].filter((text) => typeof text === 'string' && text !== '').join('\n')
}

function fileRead(result: JsonObject): string | null {
  if (!isJsonObject(result.file)) return null
  if (typeof result.file.content === 'string') return result.file.content
  if (typeof result.file.base64 === 'string') return result.type === 'image' ? IMAGE : DOCUMENT
  return result.type === 'parts' ? DOCUMENT : null
}

function fileChanged(result: JsonObject): string | null {
  const path = textAt(result, 'filePath')
  if (path === null || !Array.isArray(result.structuredPatch)) return null
  const hunks = objectsAt(result, 'structuredPatch').map(hunkOf)
  if (hunks.length > 0) return patchText(path, hunks)
  return result.type === 'create' ? `Created ${path}` : `No change to ${path}`
}

function cellChanged(result: JsonObject): string | null {
  const path = textAt(result, 'notebook_path')
  if (path === null || result.error) return null
  const passage = { before: textAt(result, 'old_source') ?? '', after: textAt(result, 'new_source') ?? '' }
  return unifiedDiff(path, [passage])
}

function answers(result: JsonObject): string | null {
  if (!isJsonObject(result.answers)) return null
  return Object.entries(result.answers)
    .map(([question, answer]) => `${question} ${typeof answer === 'string' ? answer : jsonText(answer)}`)
    .join('\n')
}

function agentReport(result: JsonObject): string | null {
  const blocks = listAt(result, 'content')
  return blocks.length > 0 ? blocksText(blocks) : null
}

function found(result: JsonObject): string | null {
  if (!Array.isArray(result.filenames)) return null
  const names = result.filenames.filter((name) => typeof name === 'string')
  return textAt(result, 'content') ?? (names.length > 0 ? names.join('\n') : 'Nothing found')
}

function plain(result: JsonObject): string | null {
  return textAt(result, 'plan') ?? textAt(result, 'result') ?? textAt(result, 'message')
}

function blockText(block: unknown): string {
  if (typeof block === 'string') return block
  if (!isJsonObject(block)) return jsonText(block) ?? ''
  if (typeof block.text === 'string') return block.text
  if (block.type === 'image') return IMAGE
  if (block.type === 'tool_reference') return textAt(block, 'tool_name') ?? ''
  return textAt(objectAt(block, 'resource'), 'text') ?? jsonText(block) ?? ''
}

function hunkOf(hunk: JsonObject): Hunk {
  return {
    oldStart: countAt(hunk, 'oldStart') ?? 0,
    oldLines: countAt(hunk, 'oldLines') ?? 0,
    newStart: countAt(hunk, 'newStart') ?? 0,
    newLines: countAt(hunk, 'newLines') ?? 0,
    lines: listAt(hunk, 'lines').filter((line) => typeof line === 'string'),
  }
}
