/** What an edit would change, from the input of the tool that asks to make it. */
import { type JsonObject, objectsAt, textAt } from '../../lib/json.ts'
import { unifiedDiff } from '../../lib/unified-diff.ts'

/**
 * The diff of an edit that has not been made. Line numbers count within the edited passages,
 * because the input does not say where they stand; a `Write` shows the whole new content.
 */
export function editDiff(toolName: string, input: JsonObject): string | null {
  const path = textAt(input, 'file_path') ?? textAt(input, 'notebook_path') ?? 'unknown'
  switch (toolName) {
    case 'Write':
      return unifiedDiff(path, [{ before: '', after: text(input, 'content') }])
    case 'NotebookEdit':
      return unifiedDiff(path, [{ before: '', after: text(input, 'new_source') }])
    case 'MultiEdit':
      return unifiedDiff(path, objectsAt(input, 'edits').map(passage))
    default:
      return unifiedDiff(path, [passage(input)])
  }
}

function passage(edit: JsonObject) {
  return { before: text(edit, 'old_string'), after: text(edit, 'new_string') }
}

function text(input: JsonObject, key: string): string {
  return textAt(input, key) ?? ''
}
