/** Turns what a person answered into the answers that Claude's question tool expects. */
import { isJsonObject, type JsonObject, objectsAt, parseJson, textAt } from '../lib/json.ts'

/**
 * The answers by the text of their question. `answer` is one text, which answers the first question, or a JSON object
 * of texts by question (its text, its header or its number from 0). A text that names an option, in whatever case,
 * becomes that option; any other text is an answer of the person's own.
 */
export function answersTo(input: JsonObject, answer: string): Readonly<Record<string, string>> {
  const questions = questionsOf(input)
  const [first] = questions
  const many = parseJson(answer)
  if (!isJsonObject(many)) return first === undefined ? {} : { [first.text]: optionOf(first, answer) }
  return Object.fromEntries(
    questions.flatMap((question, at) => {
      const given = many[question.text] ?? many[question.header] ?? many[String(at)]
      return given === undefined ? [] : [[question.text, givenText(question, given)]]
    }),
  )
}

interface Question {
  readonly text: string
  readonly header: string
  readonly labels: readonly string[]
}

function questionsOf(input: JsonObject): readonly Question[] {
  const questions = objectsAt(input, 'questions').flatMap((question) => {
    const text = textAt(question, 'question')
    const labels = objectsAt(question, 'options').flatMap((option) => textAt(option, 'label') ?? [])
    return text === null ? [] : { text, header: textAt(question, 'header') ?? text, labels }
  })
  const only = textAt(input, 'question')
  return questions.length === 0 && only !== null ? [{ text: only, header: only, labels: [] }] : questions
}

/** Several options of one question travel as one text, as the terminal's own dialog writes them. */
function givenText(question: Question, given: unknown): string {
  if (Array.isArray(given)) return given.map((one) => optionOf(question, String(one))).join(', ')
  return optionOf(question, typeof given === 'string' ? given : JSON.stringify(given))
}

function optionOf({ labels }: Question, text: string): string {
  const wanted = text.trim().toLowerCase()
  return labels.find((label) => label.toLowerCase() === wanted) ?? text
}
