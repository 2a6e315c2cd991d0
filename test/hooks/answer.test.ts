import { describe, expect, test } from 'bun:test'
import { hookAnswer } from '../../src/hooks/answer.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import type { Decision, PendingApproval } from '../../src/session/state.ts'
import { decisions, meaningOf, recordedDecision } from './recorded-hooks.ts'

const suggested = [{ type: 'setMode', mode: 'acceptEdits', destination: 'localSettings' }, 'as it is']

function anApproval(overrides: Partial<PendingApproval> = {}): PendingApproval {
  return {
    requestId: 'r1',
    kind: 'exec',
    toolName: 'Bash',
    toolInput: '{"command":"ls"}',
    command: 'ls',
    filePath: null,
    diff: null,
    question: null,
    proposedAmendment: null,
    suggestions: JSON.stringify(suggested),
    toolUseId: null,
    agentId: null,
    eventId: 'e1',
    answerable: true,
    requestedAt: 0,
    ...overrides,
  }
}

function aDecision(overrides: Partial<Decision> = {}): Decision {
  return { verdict: 'approved', message: null, interrupt: false, updatedInput: null, answer: null, ...overrides }
}

function decisionOf(approval: PendingApproval, decision: Partial<Decision>): unknown {
  const output = JSON.parse(hookAnswer(approval, aDecision(decision)))
  expect(output.hookSpecificOutput.hookEventName).toBe('PermissionRequest')
  return output.hookSpecificOutput.decision
}

const twoQuestions = anApproval({
  kind: 'question',
  toolName: 'AskUserQuestion',
  toolInput: JSON.stringify({
    questions: [
      { question: 'Which database?', header: 'Database', options: [{ label: 'SQLite' }, { label: 'Postgres' }] },
      {
        question: 'Which ports?',
        header: 'Ports',
        options: [{ label: 'HTTP' }, { label: 'HTTPS' }],
        multiSelect: true,
      },
    ],
  }),
})

const plan = anApproval({ kind: 'question', toolName: 'ExitPlanMode', toolInput: '{"plan":"1. Do it"}' })

describe('a permission', () => {
  test('is given once', () => {
    expect(decisionOf(anApproval(), { verdict: 'approved' })).toEqual({ behavior: 'allow' })
  })

  test('is given for the session: nothing that Claude suggests is written to a file', () => {
    expect(decisionOf(anApproval(), { verdict: 'approved_for_session' })).toEqual({
      behavior: 'allow',
      updatedPermissions: [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }, 'as it is'],
    })
  })

  test('is given for good as Claude suggests it', () => {
    expect(decisionOf(anApproval(), { verdict: 'approved_always' })).toEqual({
      behavior: 'allow',
      updatedPermissions: suggested,
    })
  })

  test.each([null, 'no JSON', '{}', '[]'])(
    'is given once where there is nothing to give for good: %p',
    (suggestions) => {
      expect(decisionOf(anApproval({ suggestions }), { verdict: 'approved_always' })).toEqual({ behavior: 'allow' })
    },
  )

  test('is given for another input', () => {
    const updatedInput = '{"command":"ls -la"}'
    expect(decisionOf(anApproval(), { updatedInput })).toEqual({
      behavior: 'allow',
      updatedInput: { command: 'ls -la' },
    })
    expect(decisionOf(anApproval(), { updatedInput: 'rm -rf' })).toEqual({ behavior: 'allow' })
  })

  test('is refused with the reason for the model', () => {
    expect(decisionOf(anApproval(), { verdict: 'denied', message: 'Use make' })).toEqual({
      behavior: 'deny',
      message: 'Use make',
    })
    expect(decisionOf(anApproval(), { verdict: 'denied', message: '' })).toMatchObject({
      message: expect.stringMatching(/./),
    })
  })

  test('is refused and the turn ended', () => {
    expect(decisionOf(anApproval(), { verdict: 'abort' })).toMatchObject({ behavior: 'deny', interrupt: true })
    expect(decisionOf(anApproval(), { verdict: 'denied', interrupt: true })).toMatchObject({ interrupt: true })
  })
})

describe('a question', () => {
  const answersOf = (answer: string) =>
    (decisionOf(twoQuestions, { verdict: 'answered', answer }) as { updatedInput: { answers: unknown } }).updatedInput
      .answers

  test('is answered by one text, which is the label where it names an option', () => {
    expect(answersOf('postgres')).toEqual({ 'Which database?': 'Postgres' })
    expect(answersOf('Something else')).toEqual({ 'Which database?': 'Something else' })
  })

  test('is answered together with the others of its dialog, by text, header or number', () => {
    expect(answersOf('{"Which database?":"sqlite","Which ports?":["http","8080"]}')).toEqual({
      'Which database?': 'SQLite',
      'Which ports?': 'HTTP, 8080',
    })
    expect(answersOf('{"Database":"sqlite","1":"https"}')).toEqual({
      'Which database?': 'SQLite',
      'Which ports?': 'HTTPS',
    })
  })

  test('keeps the input as Claude sent it', () => {
    expect(decisionOf(twoQuestions, { verdict: 'answered', answer: 'x' })).toMatchObject({
      behavior: 'allow',
      updatedInput: JSON.parse(twoQuestions.toolInput ?? ''),
    })
  })

  test('of the older form is answered too', () => {
    const older = anApproval({ kind: 'question', toolName: 'AskUserQuestion', toolInput: '{"question":"Ship?"}' })
    expect(decisionOf(older, { verdict: 'answered', answer: 'yes' })).toMatchObject({
      updatedInput: { question: 'Ship?', answers: { 'Ship?': 'yes' } },
    })
  })
})

describe('a plan', () => {
  test('is approved by a verdict or by a yes', () => {
    const allowed = { behavior: 'allow', updatedInput: JSON.parse(plan.toolInput ?? '') }
    expect(decisionOf(plan, { verdict: 'approved' })).toEqual(allowed)
    expect(decisionOf(plan, { verdict: 'answered', answer: ' Yes ' })).toEqual(allowed)
  })

  test('is sent back with any other answer as feedback', () => {
    expect(decisionOf(plan, { verdict: 'answered', answer: 'Test it first' })).toEqual({
      behavior: 'deny',
      message: 'Test it first',
    })
  })
})

/** What the person decided in the recordings in which the CLI obeyed. */
const made: Readonly<Record<string, Partial<Decision>>> = {
  'c-allow': {},
  'd-allow-6s': {},
  'v329-d-allow': {},
  'd-plan': {},
  'd-ask': { verdict: 'answered', answer: 'postgres' },
  'd-deny': { verdict: 'denied', message: 'No, not from here' },
  'v329-d-deny': { verdict: 'denied', message: 'No from MC' },
  'd-deny-int': { verdict: 'abort', message: 'Stop now' },
  'd-late': { verdict: 'denied', message: 'LATE' },
}

describe('the answers that real CLIs obeyed', () => {
  test.each(Object.keys(made))('%s', (name) => {
    expect(decisions).toContain(name)
    const steps = recordedDecision(name)
    const asked = steps.find(({ body }) => body?.hook_event_name === 'PermissionRequest')?.body
    const answered = steps.find((step) => step.answered !== undefined)?.answered
    const request = meaningOf(asked ?? {}, true).find(isRequest)
    if (!request) throw new Error('no request recorded')
    const approval = anApproval({ toolName: request.toolName, toolInput: request.toolInput, kind: request.kind })
    // Recorded with 2.1.197, which needs less for a plan than 2.1.329 does.
    expect(JSON.parse(hookAnswer(approval, aDecision(made[name])))).toMatchObject(answered ?? {})
  })
})

function isRequest(event: SessionEvent): event is Extract<SessionEvent, { type: 'approval_requested' }> {
  return event.type === 'approval_requested'
}
