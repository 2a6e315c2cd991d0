/** A prompt that waits, with everything a person needs in order to answer it. */
import type { ApprovalRequest } from '../../protocol/model/approval.ts'
import { clean, cleanLines, fit } from '../terminal-text.ts'
import type { PrinterOptions } from './conversation-printer.ts'
import { parseInput, toolLine } from './describe.ts'

/** Lines shown of a plan, a diff or a long command. */
const DETAIL_LINES_MAX = 30

/** The prompt, its details, and the command lines that answer it. */
export function promptLines(
  request: ApprovalRequest,
  { paint, columns, commandLine }: Pick<PrinterOptions, 'paint' | 'columns' | 'commandLine'>,
): string[] {
  const isQuestion = request.type === 'question'
  const heading = isQuestion ? '? Question' : `! Permission: ${titleOf(request)}`
  const answers = isQuestion
    ? [`${commandLine('answer')} TEXT`]
    : [commandLine('approve'), `${commandLine('approve')} -d denied`]
  const hints = request.answerable === false ? ['answer it in the terminal of the session'] : answers
  return [
    '',
    paint('urgent', fit(heading, columns())),
    ...detailsOf(request).map((line) => fit(`  ${line}`, columns())),
    ...hints.map((hint) => paint('faint', `  → ${hint}`)),
  ]
}

/** What is asked for, on one line. */
export function titleOf(request: ApprovalRequest): string {
  if (request.type === 'question' && request.question) return clean(request.question)
  return toolLine(request.tool_name, request.tool_input) || clean(request.command ?? request.file_path ?? request.id)
}

function detailsOf(request: ApprovalRequest): string[] {
  const input = parseInput(request.tool_input)
  const questions = questionsIn(input.questions)
  if (questions.length > 0) return questions
  if (request.question) return cleanLines(request.question)
  const text = [input.plan, request.diff, request.command].find(
    (value) => typeof value === 'string' && value.includes('\n'),
  )
  const lines = cleanLines(typeof text === 'string' ? text : '').filter((line) => line !== '')
  const rest = lines.length - DETAIL_LINES_MAX
  return rest > 0 ? [...lines.slice(0, DETAIL_LINES_MAX), `… ${rest} more lines`] : lines
}

/** The form of Claude's AskUserQuestion: questions with options. */
function questionsIn(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item: unknown) => {
    const { question, options } = { question: '', options: [], ...Object(item) }
    const labels = Array.isArray(options)
      ? options.map((option: unknown) => clean(String(Object(option).label ?? option)))
      : []
    return [clean(String(question)), ...labels.map((label, index) => `  ${index + 1}. ${label}`)]
  })
}
